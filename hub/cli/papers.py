"""Files about keys, read and told in words: what holders sign, and what anybody can check offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hub.cli.frame import out, show_fields
from hub.trouble import Trouble

if TYPE_CHECKING:
    from hub.federation.core.papers import Paper

WHAT = {
    "root": "other holders, or another number of them that must sign",
    "operating-key": "a key the hub signs with, for at most 90 days",
    "revocation": "that a key is believed no further than it was used so far",
}


class NotAPaper(Trouble):
    """The file {file} is no file to be signed, or was changed on the way ({why}). Nothing was signed and
    nothing changed. Ask for it again."""

    exit_code = 2
    needs_person = True


class NotAsked(Trouble):
    """This key page is not asked for in this file: it belongs to another network, or was replaced. Nothing
    was signed. Look for the page whose public half the network names: ayni network root show"""

    exit_code = 2
    needs_person = True


class NotBelieved(Trouble):
    """The card in {file} is not to be believed: {why}. Nothing was changed by looking at it. Do not use its
    keys. Ask that network for a new one, on a way you know."""

    exit_code = 4
    needs_person = True


def read_file(file: Path) -> Paper:
    """Raises NotAPaper."""
    from hub.federation.core.identity import Doubt
    from hub.federation.core.papers import read_paper

    paper = read_paper(file.read_bytes())
    if isinstance(paper, Doubt):
        raise NotAPaper(file=file, why=paper.value)
    return paper


def write_file(file: Path, paper: Paper) -> None:
    """Whole or not at all."""
    from hub.embedded.files import write_whole
    from hub.federation.core.papers import write_paper

    write_whole(file.absolute(), write_paper(paper).decode() + "\n")


def tell(paper: Paper) -> None:
    """What is decided, in words, before anybody signs or takes it."""
    from hub.federation.core.papers import fingerprint, root_after, root_in_force

    before, after = root_in_force(paper), root_after(paper)
    out.print(f"Network {paper.network}", markup=False)
    for purpose, words in WHAT.items():
        count = sum(each.purpose == purpose for each in paper.statements)
        if count:
            out.print(f"  {count} × {words}", markup=False)
    if after is not before:
        names = ", ".join(paper.names.get(key, key[:16]) for key in after.keys)
        out.print(
            f"  From {before.threshold} of {len(before.keys)} holders to {after.threshold} of:", markup=False
        )
        out.print(f"  {names}", markup=False)
    out.print(f"  Its letters: {fingerprint(paper)}", markup=False)
    out.print("  The hub shows these letters when it writes the file. Others? It was changed: do not sign.")


def check_card(file: Path) -> None:
    """Raises NotBelieved."""
    from hub.clock import utc_now
    from hub.federation.core.bundle import check_bundle, short
    from hub.federation.core.identity import Doubt

    found = check_bundle(file.read_bytes(), utc_now())
    if isinstance(found, Doubt):
        raise NotBelieved(file=file, why=found.value)
    known = found.network
    signer, sealing = known.signed_with, known.sealing
    show_fields(
        {
            "network": known.name,
            "id": known.network,
            "speaks in": ", ".join(known.languages),
            "envoy": known.envoy,
            "signed with": f"{short(signer.public)}, until {signer.valid_until:%Y-%m-%d}",
            "sealed to": f"{short(sealing.public)}, until {sealing.valid_until:%Y-%m-%d}",
        }
    )
    for bot in found.bots:
        out.print(f"  {bot.name}: {bot.matrix_id}, device {bot.fingerprint}", markup=False)
    out.print("Every signature holds. Whether it is whom you mean, only a voice you know can say.")
