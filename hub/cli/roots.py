"""`ayni network root`: whose keys speak for this network. Signing needs the file only: no hub, no network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from hub.cli.frame import Data, Json, example, out, show_fields, show_json
from hub.cli.opening import PassphraseFile, SheetFiles, Sheets, archive_key
from hub.settings import read_secret

if TYPE_CHECKING:
    from directory.store.guarded import RingKey
    from directory.turn import Turn
    from hub.federation.core.papers import Paper
    from hub.federation.identity import FirstKeys, Holder
    from hub.federation.roots import RootState

app = typer.Typer(
    help="Whose keys speak for this network: holders, rotation, revocation.", no_args_is_help=True
)

To = Annotated[
    Path, typer.Option("--to", help="Where the file to be signed is written, when the hub cannot sign alone.")
]
PagesTo = Annotated[
    Path | None, typer.Option("--pages-to", help="Write new key pages into this folder, not on the screen.")
]
PageFiles = Annotated[list[Path], typer.Option("--page", help="A closed file with a key page (mode 600).")]
T = TypeVar("T")
PAPER = Path("ayni-to-sign.json")


@app.command("show", epilog=example("ayni network root show"))
def show(
    data: Data,
    as_json: Json = False,
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Who holds the network's keys, how many must sign, and how long the hub's own key still holds."""
    from hub.federation import roots

    found: RootState = _with(data, archive_key(data, passphrase_file, sheet, sheets), roots.state)
    fields = {
        "network": found.network,
        "root document": f"number {found.number}",
        "must sign": f"{found.threshold} of {len(found.holders)}",
        "holders": ", ".join(each.name for each in found.holders),
        "kept here too": ", ".join(found.kept) or "none",
        "the hub's key holds until": f"{found.valid_until:%Y-%m-%d}",
        "signed in advance": f"{found.ready}, until {found.covered_until:%Y-%m-%d}",
    }
    show_json(fields) if as_json else show_fields(fields)


@app.command("new-page", epilog=example("ayni network root new-page --holder Rosa"))
def new_page(
    holder: Annotated[str, typer.Option(help="Who will keep it.")],
    pages_to: PagesTo = None,
) -> None:
    """Make a key page on the holder's own machine; give the hub only the public half. No hub is needed."""
    from hub.chance import chance
    from hub.custody import pages

    page = pages.make(chance)
    show_page(holder, page.text(holder), pages_to)
    out.print(f"For the hub: --holder {holder}={page.public.hex()}", markup=False)


@app.command("rotate", epilog=example("ayni network root rotate --holder Marisol --holder Rosa"))
def rotate(
    data: Data,
    holder: Annotated[
        list[str], typer.Option(help="A name; or name=public half, when the page was made elsewhere.")
    ],
    threshold: Annotated[int, typer.Option(help="How many of them must sign.")] = 1,
    to: To = PAPER,
    pages_to: PagesTo = None,
    page: PageFiles = [],  # noqa: B006
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Other holders or another threshold: signed by enough of the old ones and enough of the new ones."""
    ring = archive_key(data, passphrase_file, sheet, sheets)
    holders, seeds = new_holders(holder, pages_to)
    kept = seeds[0] if threshold == 1 and seeds else None

    async def draft(turn: Turn) -> Paper:
        from hub.federation import roots

        return await roots.draft_rotation(turn, holders, threshold, kept=kept)

    _decide(data, ring, draft, [*seeds, *_seeds(page)], to)


@app.command("renew", epilog=example("ayni network root renew --keys 4"))
def renew(
    data: Data,
    keys: Annotated[int, typer.Option(min=1, max=8, help="For how many times 76 days.")] = 4,
    to: To = PAPER,
    page: PageFiles = [],  # noqa: B006
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Have the hub's next keys signed in advance, for networks whose hub cannot sign alone."""

    async def draft(turn: Turn) -> Paper:
        from hub.federation import roots

        return await roots.draft_renewal(turn, keys)

    _decide(data, archive_key(data, passphrase_file, sheet, sheets), draft, _seeds(page), to)


@app.command("revoke", epilog=example("ayni network root revoke"))
def revoke(
    data: Data,
    to: To = PAPER,
    page: PageFiles = [],  # noqa: B006
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """The hub's key may be in wrong hands: a new one, and linked networks believe the old one no further."""

    async def draft(turn: Turn) -> Paper:
        from hub.federation import roots

        return await roots.draft_revocation(turn)

    _decide(data, archive_key(data, passphrase_file, sheet, sheets), draft, _seeds(page), to)


@app.command("sign", epilog=example("ayni network root sign ayni-to-sign.json"))
def sign(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file to sign, in place.")],
    page: PageFiles = [],  # noqa: B006
) -> None:
    """Read what a file says and sign it with your key page. Works on any machine, without a network."""
    from hub.cli.papers import NotAsked, read_file, tell, write_file
    from hub.federation.core import papers

    paper = read_file(file)
    tell(paper)
    for seed in _seeds(page) or [_asked_page()]:
        signed = papers.sign_paper(paper, seed)
        if signed is None:
            raise NotAsked
        paper = signed
    write_file(file, paper)
    missing = max(need.missing for need in papers.needs(paper))
    out.print(f"Signed. {missing} more must sign." if missing else "Signed by enough: ayni network root take")


@app.command("take", epilog=example("ayni network root take ayni-to-sign.json"))
def take(
    data: Data,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The signed file.")],
    passphrase_file: PassphraseFile = None,
    sheet: SheetFiles = [],  # noqa: B006
    sheets: Sheets = False,
) -> None:
    """Do what enough holders signed, and tell linked networks."""
    from hub.cli.papers import read_file, tell
    from hub.federation import roots

    paper = read_file(file)
    tell(paper)

    async def taken(turn: Turn) -> None:
        await roots.take(turn, paper)

    _with(data, archive_key(data, passphrase_file, sheet, sheets), taken)
    out.print("Done. Linked networks are told.")


@app.command("check", epilog=example("ayni network root check card.json"))
def check(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="What `ayni network card` wrote.")
    ],
) -> None:
    """Check a network's card and its bots, offline: keys, signatures, times. Needs no hub and no network."""
    from hub.cli.papers import check_card

    check_card(file)


def new_holders(named: Sequence[str], pages_to: Path | None) -> tuple[tuple[Holder, ...], list[bytes]]:
    """(holders, seeds of the pages that were made here). Pages are shown once, to be copied or printed."""
    from hub.chance import chance
    from hub.custody import pages
    from hub.federation.identity import Holder

    holders, seeds = [], []
    for each in named:
        name, _, public = each.partition("=")
        if public:
            holders.append(Holder(name, _public(public)))
            continue
        page = pages.make(chance)
        show_page(name, page.text(name), pages_to)
        holders.append(Holder(name, page.public))
        seeds.append(page.secret)
    return tuple(holders), seeds


AHEAD = 4
"""Operating keys signed at the beginning where the hub keeps no root key: a year."""


def first_keys(data: Path, names: Sequence[str], threshold: int, pages_to: Path | None) -> FirstKeys:
    """The keys a network begins with. Pages of an earlier try that lie there already are used again."""
    from hub.chance import chance
    from hub.custody import pages
    from hub.federation.identity import FirstKeys, Holder
    from hub.federation.roots import BadThreshold

    if not 1 <= threshold <= len(set(names)) == len(names):
        raise BadThreshold(threshold=threshold, holders=len(names))
    folder = pages_to or data / pages.HAND_OVER
    made = []
    for name in names:
        file = page_file(folder, name)
        page = pages.read(read_secret(file)) if file.exists() else pages.make(chance)
        if not file.exists():
            show_page(name, page.text(name), folder)
        made.append(page)
    holders = tuple(Holder(name, page.public) for name, page in zip(names, made, strict=True))
    seeds = tuple(page.secret for page in made)
    if threshold == 1:
        return FirstKeys(holders, 1, seeds, seeds[0])
    return FirstKeys(holders, threshold, seeds, None, AHEAD)


def page_file(folder: Path, holder: str) -> Path:
    """Where the page of this holder lies."""
    return folder / f"key-page-{''.join(letter if letter.isalnum() else '-' for letter in holder)}.txt"


def show_page(holder: str, text: str, pages_to: Path | None) -> None:
    """On the screen, or as a closed file to print, hand over and delete."""
    from hub.custody import write_secret

    if pages_to is None:
        out.print(f"\n{text}", markup=False)
        return
    pages_to.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = page_file(pages_to, holder)
    write_secret(file, text)
    out.print(f"The key page of {holder} is {file}: print it, hand it over, delete the file.", markup=False)


def _public(typed: str) -> bytes:
    try:
        public = bytes.fromhex(typed)
    except ValueError:
        public = b""
    if len(public) != 32:
        raise typer.BadParameter("A public half is 64 letters and digits.")
    return public


def _seeds(files: Sequence[Path]) -> list[bytes]:
    from hub.custody import pages

    return [pages.read(read_secret(file)).secret for file in files]


def _asked_page() -> bytes:
    from hub.custody import pages

    out.print("Type your key page from the paper. Gaps, dashes and small letters do not matter.")
    heading = typer.prompt('The line "Key page, set …"')
    lines = [f"{index}: " + typer.prompt(f"Line {index}") for index in range(1, 5)]
    return pages.read("\n".join((heading, *lines))).secret


def _decide(
    data: Path,
    ring: RingKey,
    draft: Callable[[Turn], Awaitable[Paper]],
    seeds: Sequence[bytes],
    to: Path,
) -> None:
    """Sign with what is here. Enough: it is done. Else the file says who is still asked."""
    from hub.cli.papers import tell, write_file
    from hub.federation import roots
    from hub.federation.core import papers

    async def decided(turn: Turn) -> tuple[Paper, bool]:
        paper = await roots.sign_here(turn, await draft(turn))
        for seed in seeds:
            paper = papers.sign_paper(paper, seed) or paper
        if done := papers.complete(paper):
            await roots.take(turn, paper)
        return paper, done

    paper, done = _with(data, ring, decided)
    tell(paper)
    if done:
        out.print("Done. Linked networks are told.")
        return
    write_file(to, paper)
    out.print(
        f"Nothing has changed yet. Each holder signs {to} (ayni network root sign {to}); then bring it",
        markup=False,
    )
    out.print(f"back: ayni network root take {to}", markup=False)


def _with(data: Path, ring: RingKey, ask: Callable[[Turn], Awaitable[T]]) -> T:
    """One turn at the machine, with the records open."""
    from directory.store.database import DATABASE_GONE
    from hub.founding import TECHNICIAN
    from hub.node import open_node
    from hub.trouble import NoDatabase

    async def run() -> T:
        try:
            node = await open_node(data, part="root", archive=ring)
        except DATABASE_GONE:
            raise NoDatabase(folder=data) from None
        try:
            async with node.turn(TECHNICIAN) as turn:
                return await ask(turn)
        finally:
            await node.close()

    return asyncio.run(run())
