"""`ayni text` and `ayni language`: sentences in the network's own words, and languages it adds."""

from __future__ import annotations

import tomllib
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from directory.core.opus import recording
from directory.core.text import Text
from directory.core.tongues import LOCALES
from directory.translations.forty import sentences_of, the_forty
from hub.cli.asking import Hub
from hub.cli.frame import Data, Exit, Json, example, out, show_json, show_table
from hub.trouble import Trouble

text = typer.Typer(help="Sentences in this network's own words.", no_args_is_help=True)
language = typer.Typer(help="Languages this network adds itself.", no_args_is_help=True)

ABOUT, SENTENCES, VOICE = "language.toml", "sentences.po", "voice"
Folder = Annotated[Path, typer.Argument(help="A folder with language.toml, sentences.po and voice/.")]
In = Annotated[str, typer.Option("--in", help="en, fr, es or ar.")]


class NotComplete(Trouble):
    """{why} Nothing was added."""

    exit_code = Exit.USAGE
    needs_person = True


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What language.toml says."""

    tag: str
    name: str
    second: str = "en"
    rtl: bool = False


@text.command("list", epilog=example("ayni text list --in es --find alarma"))
def list_texts(
    data: Data,
    in_: In = "en",
    find: Annotated[str, typer.Option(help="Words that are in it.")] = "",
    changed: Annotated[bool, typer.Option("--changed", help="Only what this network changed.")] = False,
    as_json: Json = False,
) -> None:
    """Sentences people read, and how they are said now. At most fifty: narrow it with --find."""
    found = Hub(data).ask("Wordings", language=in_, find=find, changedOnly=changed)["wordings"]
    if as_json:
        show_json(found)
        return
    show_table(
        "Sentences",
        ("in English", "as it is said", "changed"),
        ((one["message"], " / ".join(one["forms"]), "yes" if one["changed"] else "") for one in found),
        empty="No sentence like that.",
    )


@text.command(epilog=example("ayni text change 'Welcome' 'Bienvenida, compañera' --in es"))
def change(
    data: Data,
    sentence: Annotated[str, typer.Argument(help="The English sentence, exactly.")],
    says: Annotated[list[str], typer.Argument(help="How to say it; one for each plural form.")],
    in_: In = "en",
) -> None:
    """Say a sentence differently from now on, in chat and on pages. Its {places} have to stay."""
    Hub(data).act("ChangeText", language=in_, message=sentence, forms=says)
    out.print("Changed. To take it back: ayni text undo")


@text.command(epilog=example("ayni text undo 'Welcome' --in es"))
def undo(
    data: Data,
    sentence: Annotated[str, typer.Argument(help="The English sentence, exactly.")],
    in_: In = "en",
) -> None:
    """Take the newest change of a sentence back; the one before it counts again."""
    Hub(data).act("UndoText", language=in_, message=sentence)
    out.print("Taken back.")


@language.command("list", epilog=example("ayni language list"))
def list_languages(data: Data, as_json: Json = False) -> None:
    """The languages this network added."""
    found = Hub(data).ask("AddedLanguages")["addedLanguages"]
    if as_json:
        show_json(found)
        return
    show_table(
        "Added languages",
        ("tag", "name", "for the rest", "sentences", "with a voice"),
        ((one["tag"], one["name"], one["second"], one["sentences"], one["recordings"]) for one in found),
        empty="None yet. Begin one: ayni language begin quc FOLDER",
    )


@language.command(epilog=example("ayni language begin quc ./kiche"))
def begin(
    tag: Annotated[str, typer.Argument(help="Its tag, for example quc.")],
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
) -> None:
    """Make a folder for a translator: the forty sentences to fill in, and where the recordings go."""
    if folder.exists():
        raise NotComplete(why=f"{folder} is there already.")
    (folder / VOICE).mkdir(parents=True)
    about = f'tag = "{tag}"\nname = ""  # what the language calls itself\n'
    about += f'second = "es"  # for everything else: {", ".join(LOCALES)}\nrtl = false  # right to left?\n'
    (folder / ABOUT).write_text(about, encoding="utf-8")
    catalogue = Catalog(fuzzy=False)
    for n, sentence in enumerate(the_forty(), 1):
        catalogue.add(sentence, auto_comments=[f"Recording: {VOICE}/{n:02}.opus"])
    made = BytesIO()
    write_po(made, catalogue, width=100)
    (folder / SENTENCES).write_bytes(made.getvalue())
    out.print(f"Fill in {folder / SENTENCES}, then: ayni language add {folder}")


@language.command(epilog=example("ayni language add ./kiche"))
def add(data: Data, folder: Folder) -> None:
    """Check a folder whole, then add its language. Recordings are optional, each at most 12 KiB of Opus."""
    about, po, voices = _read(folder)
    hub = Hub(data)
    hub.act("AddLanguage", tag=about.tag, name=about.name, second=about.second, rtl=about.rtl, sentences=po)
    for sentence, audio in voices.items():
        hub.act("RecordSentence", tag=about.tag, message=sentence, audio=b64encode(audio).decode())
    out.print(f"{about.name} is here, with {len(voices)} recordings. People choose it with: language")


@language.command(epilog=example("ayni language remove quc"))
def remove(data: Data, tag: Annotated[str, typer.Argument(help="From the list.")]) -> None:
    """Take a language out. Whoever spoke it reads their second language from now on."""
    Hub(data).act("RemoveLanguage", tag=tag)
    out.print("Taken out.")


def _read(folder: Path) -> tuple[About, str, dict[str, bytes]]:
    """Everything in the folder, checked. Raises NotComplete with the first thing that is wrong."""
    about, po = _about(folder), _text_of(folder / SENTENCES)
    said = sentences_of(po)
    if isinstance(said, Text):
        raise NotComplete(why=f"{SENTENCES}: {said}")
    voices = {}
    for n, sentence in enumerate(the_forty(), 1):
        found = [path for end in ("opus", "ogg") if (path := folder / VOICE / f"{n:02}.{end}").is_file()]
        if found:
            heard = recording(found[0].read_bytes())
            if isinstance(heard, Text):
                raise NotComplete(why=f"{found[0].name}: {heard}")
            voices[sentence] = heard.audio
    return about, po, voices


def _about(folder: Path) -> About:
    try:
        known: Any = tomllib.loads(_text_of(folder / ABOUT))
        return msgspec.convert(known, About)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise NotComplete(why=f"{ABOUT}: {wrong}.") from None


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as missing:
        raise NotComplete(why=f"{path.name} is missing or no text ({type(missing).__name__}).") from None
