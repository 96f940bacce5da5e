"""What the documentation names is there: commands, links, settings, words, functions, sentences."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from docs_from_code import BLOCK, ROOT, WRITERS, commands, files, renewed
from gathered import sentences

from bots.asking import asked
from bots.commands import LEXICON
from bots.core.grammar import Order
from bots.core.grammar import read as read_line
from directory import vocabularies
from directory.languages import FALLBACK, LOCALES
from directory.store.database import metadata
from directory.translations import gather
from hub.bot_accounts import names
from hub.doctor.seized import PLACES
from hub.matrix.rooms import SHAPES, coded_name, creation
from hub.settings import Network, Settings

PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files()}
TYPED = dict(commands())
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
GLOSSARY = {locale: PAGES.get(f"docs/glossary/{locale}.md", "") for locale in LOCALES}
MADE_LATER = {"deploy/secrets"}
"""Paths that are right although no such file is in the checkout."""

CATALOGUES = {locale: gather.read(locale) for locale in LOCALES}

every_page = pytest.mark.parametrize("page", sorted(PAGES))


def code(page: str) -> Iterator[str]:
    """Everything that stands as code on a page: lines of blocks, and words between backticks."""
    text = BLOCK.sub("", PAGES[page])
    for kind, block in re.findall(r"```(\w*)\n(.*?)```", text, re.DOTALL):
        if kind in ("sh", ""):
            yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def words_after(line: str, program: str) -> list[str] | None:
    """The words after a program's name, without a comment; None when the line does not run it."""
    plain = line.partition("  #")[0].split(" | ")[0]
    found = re.search(rf"(?:^|.*(?:\s|bin/)){program} (.+)$", plain)
    return shlex.split(found[1].split(" && ")[0]) if found else None


def understands(words: list[str]) -> None:
    """Fails unless `ayni` has this command with these options."""
    longest = max(
        (typed for typed in TYPED if words[: len(typed.split()) - 1] == typed.split()[1:]),
        key=len,
        default=None,
    )
    group = any(typed.split()[1 : 1 + len(words)] == words for typed in TYPED)
    assert longest or group or words[0].startswith("-"), f"no command: ayni {' '.join(words)}"
    if longest is None:
        return
    command: Any = TYPED[longest]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    strange = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    assert not strange, f"{longest} has no {strange}"


@every_page
def test_every_command_of_ayni_is_there(page: str) -> None:
    for line in code(page):
        words = words_after(line, "ayni")
        if words and words[0] != "…":
            understands(words)


@every_page
def test_every_command_of_make_is_there(page: str) -> None:
    for line in code(page):
        for word in words_after(line, "make") or ():
            name, sets, _ = word.partition("=")
            assert re.search(rf"^{name} \?=", MAKEFILE, re.MULTILINE) if sets else name in TARGETS, line


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    for words in (["alarm"], ["link", "undo"], ["up", "--loud"]):
        with pytest.raises(AssertionError):
            understands(words)
    understands(["link", "sever", "Red Ayni", "--yes"])


def test_every_target_people_are_offered_is_in_the_readme_or_the_guide_for_contributors() -> None:
    offered = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
    told = PAGES["README.md"] + PAGES["CONTRIBUTING.md"]
    assert {name for name in offered if f"make {name}" not in told} <= {"catalogues"}


def anchors(text: str) -> set[str]:
    """The names under which a page's headings can be linked."""
    plain = (re.sub(r"[^\w\s-]", "", head.lower()) for head in re.findall(r"^#+ (.+)$", text, re.MULTILINE))
    return {"-".join(head.strip().split(" ")) for head in plain}


@every_page
def test_every_link_leads_somewhere(page: str) -> None:
    here = (ROOT / page).parent
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if re.match(r"https?://", target):
            continue
        name, _, anchor = target.partition("#")
        path = here / name if name else ROOT / page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path.read_text(encoding="utf-8")), target


@every_page
def test_every_path_into_the_checkout_is_there(page: str) -> None:
    for line in code(page):
        for path in re.findall(
            r"(?<![\w/.~-])(?:bots|deploy|directory|docs|graphql|hub|tests)/[\w./-]*\w", line
        ):
            assert path in MADE_LATER or (ROOT / path).exists(), path


@every_page
def test_every_setting_is_there(page: str) -> None:
    known = {
        f"AYNI_{section.name}__{key.name}".upper()
        for section in msgspec.structs.fields(Settings)
        for key in msgspec.structs.fields(section.type)
    }
    text = PAGES[page]
    assert set(re.findall(r"AYNI_[A-Z]+__[A-Z_]+", text)) <= known
    pairs = re.findall(r"`(\w+)` in\s+`\[(\w+)\]`", text)
    assert {f"AYNI_{section}__{key}".upper() for key, section in pairs} <= known


@every_page
def test_what_the_code_says_better_is_as_the_code_says_it(page: str) -> None:
    """Write it again with: .venv/bin/python tests/docs_from_code.py"""
    assert PAGES[page] == renewed(PAGES[page])


def test_everything_the_code_can_say_stands_in_some_page() -> None:
    told = {name for text in PAGES.values() for _, name, _, _ in BLOCK.findall(text)}
    assert told == set(WRITERS)


@every_page
def test_what_one_is_told_to_write_to_the_helper_is_understood(page: str) -> None:
    for block in re.findall(r"```chat\n(.*?)```", PAGES[page], re.DOTALL):
        for line in block.splitlines():
            reading = read_line(line, LEXICON)
            assert isinstance(reading, Order), line
            if reading.name == "find":
                assert not asked(vocabularies.known(), reading.rest, 5).unknown, line


def said_in(locale: str) -> Iterator[str]:
    """Every sentence as people of this language may read it, places still in it."""
    catalogue = CATALOGUES[locale]
    for sentence in sentences():
        key = sentence if isinstance(sentence, str) else sentence[0]
        known = catalogue.get(key) if locale != FALLBACK else None
        shown = known.string if known is not None and known.string else sentence
        yield from ([shown] if isinstance(shown, str) else shown)


def as_said(sentence: str) -> re.Pattern[str]:
    """Fits the sentence with anything in its places."""
    parts = re.split(r"\{\w+\}", sentence)
    return re.compile(".+".join(map(re.escape, parts)))


@every_page
def test_what_the_helper_is_quoted_with_is_what_it_says(page: str) -> None:
    if not page.startswith(("docs/member/", "docs/coordinator")):
        return
    locale = page.removeprefix("docs/member/").removesuffix(".md")
    said = [as_said(sentence) for sentence in said_in(locale if locale in LOCALES else FALLBACK)]
    for quote in re.findall(r"^> (.+)$", PAGES[page], re.MULTILINE):
        assert any(pattern.fullmatch(quote) for pattern in said), quote


def test_members_can_read_their_guide_and_the_glossary_in_every_language() -> None:
    for locale in LOCALES:
        assert f"docs/member/{locale}.md" in PAGES
        assert f"docs/glossary/{locale}.md" in PAGES


def shown_words(locale: str) -> dict[str, str]:
    """Sentence in the code → the word of the glossary."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \| `(.+?)` \|$", GLOSSARY[locale], re.MULTILINE)
    return {key: shown for shown, _, key in rows}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_glossary_shows_words_as_people_see_them(locale: str) -> None:
    found, catalogue = shown_words(locale), CATALOGUES[locale]
    assert found.keys() == shown_words(FALLBACK).keys() <= sentences().keys()
    for key, shown in found.items():
        message = catalogue.get(key)
        assert shown == (key if locale == FALLBACK or message is None else message.string)


def never_shown(locale: str) -> list[str]:
    """The words after the last heading of a glossary."""
    lines = GLOSSARY[locale].rpartition("\n## ")[2]
    return [
        word
        for line in re.findall(r"^- (.+?): ", lines, re.MULTILINE)
        for word in line.strip("`").split("` `")
    ]


def holds(words: list[str]) -> re.Pattern[str]:
    """Fits any of the words standing by itself; Arabic ones with what is written together with them."""
    choice = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:[وفبكل]{{0,2}}(?:ال|لل)?)(?:{choice})(?!\w)", re.IGNORECASE)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_word_of_the_list_is_in_no_sentence_people_read(locale: str) -> None:
    listed = never_shown(locale)
    assert len(listed) >= 15
    pattern, catalogue = holds(listed), CATALOGUES[locale]
    for sentence, places in sentences().items():
        key = sentence if isinstance(sentence, str) else sentence[0]
        known = catalogue.get(key) if locale != FALLBACK else None
        shown = (known.string if known is not None else None) or sentence
        assert not pattern.search(str(shown)), (shown, places)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_word_of_the_list_is_in_no_name_of_a_room_a_file_an_export_or_an_account(locale: str) -> None:
    """What a homeserver, a disk or a file manager shows of us: account names, room shapes, what files of the
    data folder and downloads are called."""
    pattern = holds(never_shown(locale))
    accounts = [name.local for name in names(Network(bots_apart=("sentinel", "organizer", "auditor")))]
    shapes = [str(creation(shape, coded_name(bytes), ())) for shape in SHAPES.values()]
    files = [place.path for place in PLACES] + [one.name for one in msgspec.structs.fields(Settings)]
    for shown in (*accounts, *shapes, *files):
        apart = re.sub(r"[^\w]|_", " ", shown)
        assert not pattern.search(apart), shown


def test_a_word_of_the_list_would_be_noticed() -> None:
    assert holds(never_shown("en")).search("Take part in this Action.")
    assert holds(never_shown("ar")).search("هذا من أجل العملية الكبرى")
    assert not holds(never_shown("en")).search("a reaction, celled and actionable")


def test_functions_and_tables_named_in_the_architecture_are_there() -> None:
    text = PAGES["ARCHITECTURE.md"]
    for name, path in re.findall(r"`([\w.]+)`\s+in\s+`([\w/]+\.py)`", text):
        source = (ROOT / path).read_text()
        for part in name.split("."):
            defined = rf"(?:def|class) {part}\b|^{part}\b|    \"{part}\",|{part}[:=]"
            assert re.search(defined, source, re.MULTILINE), (name, path)
    tables = re.search(r"^## Tables\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    assert tables is not None
    assert set(re.findall(r"`([a-z_]+)`", tables[1])) <= metadata.tables.keys()


def test_each_decision_is_listed_and_says_when_to_look_again() -> None:
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", PAGES["deploy/decisions/README.md"])
    pages = sorted(name for name in PAGES if re.match(r"deploy/decisions/\d{4}-", name))
    assert [f"deploy/decisions/{name}" for name in listed] == pages
    for number, name in enumerate(pages, 1):
        assert PAGES[name].startswith(f"# {number}. ")
        assert "**Decided.**" in PAGES[name]
        assert "**Look again**" in PAGES[name]


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert "## [Unreleased]" in PAGES["CHANGELOG.md"]
    assert version in PAGES["CHANGELOG.md"]
    assert version in PAGES["README.md"]


def test_no_page_names_a_place_of_somebodys_own_machine() -> None:
    for page, text in PAGES.items():
        assert not re.search(r"/(?:home|tmp|work|Users)/\w", text), page


def test_pages_lie_where_people_look() -> None:
    assert {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} <= PAGES.keys()
    assert (ROOT / "LICENSE").exists()
    assert all(Path(page).suffix == ".md" for page in PAGES)
