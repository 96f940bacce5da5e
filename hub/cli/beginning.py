"""`ayni init`: the ceremony that makes a network, gone through once at the machine itself."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from directory.core.text import Text
from directory.languages import LOCALES
from hub.cli.frame import Data, example, out
from hub.cli.opening import PassphraseFile, archive_key, show_sheets
from hub.cli.roots import first_keys
from hub.cli.seconding import show_sheet
from hub.settings import read_secret, starter_file

if TYPE_CHECKING:
    from directory.store.guarded import RingKey
    from hub.custody.sheets import Sheet
    from hub.federation.identity import FirstKeys
    from hub.founding import Founded, Founder

INIT_EXAMPLE = example("ayni init --name 'Red Ayni' --language es --language en --handle marisol")
SECOND = "a second person"
EVALUATION = """[yellow]No domain was given: this is an evaluation hub.[/yellow] It links only with hubs on
this machine, and its name can never change. For real use begin a new data folder with --domain."""


Name = Annotated[str | None, typer.Option(help="The name members and linked networks see.")]
Domain = Annotated[
    str, typer.Option(help="The name after the colon in every Matrix id. For ever. Empty: evaluation.")
]
Languages = Annotated[list[str], typer.Option(help="What your coordinators answer in; may be repeated.")]
Handle = Annotated[str | None, typer.Option(help="How the first administrator is called.")]
WordFile = Annotated[
    Path | None, typer.Option(help="A closed file with the administrator's word, instead of asking.")
]
Second = Annotated[
    str | None,
    typer.Option(help="Somebody outside who confirms what needs two people; they get a sheet of codes."),
]
Custody = Annotated[
    str,
    typer.Option(
        help="What opens the records after a start: file (by itself), passphrase, sheets (two of three)."
    ),
]
SheetsTo = Annotated[
    Path | None, typer.Option(help="Write recovery sheets into this folder instead of on the screen.")
]
KeyHolders = Annotated[
    list[str],
    typer.Option(help="Who holds a key of the network; usual: you and a second person. Once a name."),
]
KeyThreshold = Annotated[
    int, typer.Option(help="How many of them must sign. 2 of 3: the hub then keeps none of these keys.")
]
PagesTo = Annotated[
    Path | None,
    typer.Option(help="Write key pages into this folder; usual: hand-over, in the data folder."),
]


def init(
    data: Data,
    name: Name = None,
    domain: Domain = "",
    language: Languages = [],  # noqa: B006
    handle: Handle = None,
    word_file: WordFile = None,
    second: Second = None,
    custody: Custody = "file",
    passphrase_file: PassphraseFile = None,
    sheets_to: SheetsTo = None,
    key_holder: KeyHolders = [],  # noqa: B006
    key_threshold: KeyThreshold = 1,
    pages_to: PagesTo = None,
) -> None:
    """Begin a hub: folder, keys, database, homeserver, bots, first administrator. Twice changes nothing."""
    from hub.clock import utc_now
    from hub.founding import Founder
    from hub.supervise_folder import claim

    claim(data, utc_now)
    name = name or typer.prompt("The network's name")
    handle = handle or typer.prompt("How the first administrator is called (no real name is needed)")
    languages = [one for one in language if one in LOCALES] or ["en"]
    word = read_secret(word_file) if word_file else _asked_word()
    second = (_asked_second() if second is None else second).strip()
    _settings(data, name, domain, languages)
    archive = _keys(data, name, custody, passphrase_file, sheets_to)
    holders = key_holder or [handle, second or SECOND]

    def first() -> FirstKeys:
        return first_keys(data, holders, key_threshold, pages_to)

    founded = _found(data, Founder(handle, word, languages[0], second), archive, first)
    _tell(data, name, founded, custody)
    _hand_over(founded, sheets_to)


def _found(data: Path, founder: Founder, archive: RingKey, first: Callable[[], FirstKeys]) -> Founded:
    from hub.founding import found

    def progress(text: Text) -> None:
        out.print(f"  {escape(str(text))} …")

    return asyncio.run(found(data, founder, progress, archive=archive, first=first))


def _hand_over(founded: Founded, sheets_to: Path | None) -> None:
    """The second person's sheet, when there is one."""
    if founded.sheet is not None:
        out.print("\n[bold]For your second person[/bold], and for nobody else:\n")
        show_sheet(founded.sheet.name, founded.sheet.codes, sheets_to / "second.txt" if sheets_to else None)


def _tell(data: Path, name: str, founded: Founded, custody: str) -> None:
    """What stands now, and what to do next."""
    out.print(f"\n[bold]{escape(name)}[/bold] is ready. Its id is {founded.network}")
    out.print(f"People talk with its bot: {founded.bot}")
    if founded.evaluation:
        out.print(EVALUATION)
    out.print(
        "Without the last part of their address the pages answer nobody. Print it, or make a new one:"
        " ayni entrance"
    )
    out.print(
        f"\nThe keys lie in {data / 'keys'}: without them nothing here can ever be opened again. [bold]Every"
        " night: ayni backup[/bold], to another disk.\nNext: ayni up"
    )
    if custody != "file":
        out.print("After every start, alarms run by themselves; the records wait for: ayni unseal")


def _keys(
    data: Path, name: str, custody: str, passphrase_file: Path | None, sheets_to: Path | None
) -> RingKey:
    """Make the ring keys in the custody that was chosen, or open those of an earlier try."""
    from hub.chance import chance
    from hub.cli.custody import new_passphrase
    from hub.custody import Kind, begin

    if custody not in set(Kind):
        raise typer.BadParameter("Custody is file, passphrase or sheets.")
    keys = data / "keys"
    if (keys / "archive.lock").exists() or (keys / "archive.key").exists():
        return archive_key(data, passphrase_file, [], sheets=False)
    passphrase = new_passphrase(passphrase_file) if custody == Kind.PASSPHRASE else ""

    def shown(printed: tuple[Sheet, ...]) -> None:
        show_sheets(printed, name, sheets_to)

    begun = begin(keys, chance, Kind(custody), passphrase=passphrase, shown=shown)
    assert begun is not None
    return begun.archive


def _asked_word() -> str:
    out.print("The administrator's word opens what matters. One secret, the only one to remember.")
    return str(typer.prompt("Word", hide_input=True, confirmation_prompt=True))


def _asked_second() -> str:
    """Asked of somebody at a terminal; a program that gives no name names one later."""
    if not sys.stdin.isatty():
        return ""
    out.print(
        "Some things need two people: giving the administrator's role, letting a held-back entry free. Name"
        " somebody you trust who is no member; they get a sheet of codes. A member, or a linked network's"
        " coordinator, can be the second too. Empty: you name one later, and until then those things wait."
    )
    return str(typer.prompt("The second person", default="", show_default=False))


def _settings(data: Path, name: str, domain: str, languages: list[str]) -> None:
    """The starter file with the answers filled in; an existing file is left as it is."""
    file = data / "settings.toml"
    if file.exists():
        return
    listed = ", ".join(f'"{one}"' for one in languages)
    text = starter_file()
    text = text.replace('# name = "Our network"', f"name = {_quoted(name)}")
    text = text.replace('# languages = ["en"]', f"languages = [{listed}]")
    text = text.replace('# domain = ""', f"domain = {_quoted(domain)}") if domain else text
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)


def _quoted(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
