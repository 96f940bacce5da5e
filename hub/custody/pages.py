"""Key pages: one holder's root key of the network on one page of paper, in the letters of a recovery sheet.

Whoever has enough of them speaks for the network. They open no record: that is what recovery sheets do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from directory import crypto
from hub.custody.sheets import Sheet, fresh_name, lines_of, secret_in
from hub.trouble import Trouble

HAND_OVER = "hand-over"
"""Folder of the data folder with pages that were not handed over yet."""
_HEADING = re.compile(r"KEY\s+PAGE\s+(?:OF\s+.*?\s)?SET\s+([0-9A-Z]{6})")
_SHEET = re.compile(r"SHEET\s+[123]\s+OF\s+3")
_MISREAD = str.maketrans("ILO", "110")


class NoKeyPage(Trouble):
    """This is no key page: the line "Key page, set …" is missing. Nothing was changed, and everything runs
    on. Type the whole page."""

    exit_code = 2
    needs_person = True


class SheetNotPage(Trouble):
    """This is a recovery sheet: it opens the records, and signs nothing. Nothing was changed. Take the page
    that begins with "Key page"."""

    exit_code = 2
    needs_person = True


@dataclass(frozen=True, slots=True)
class KeyPage:
    """`secret` is the seed of an Ed25519 root key; `set` names this page only."""

    set: str
    secret: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """What the root document names."""
        return crypto.signing_public(self.secret)

    def text(self, holder: str = "") -> str:
        """What is printed, or copied by hand."""
        lines = [f"Ayni, key of {holder}".rstrip(), f"Key page, set {self.set}", ""]
        lines += lines_of(Sheet(self.set, 1, self.secret))
        lines += ["", f"Its public half: {self.public.hex()}"]
        lines += [
            "Keep it on paper, away from the hub. It signs who speaks for your network: ayni network",
            "",
        ]
        return "\n".join(lines)


def make(chance: crypto.Chance) -> KeyPage:
    """A fresh key."""
    return KeyPage(fresh_name(chance), crypto.new_signing_seed(chance))


def read(text: str) -> KeyPage:
    """A page as somebody typed it. Raises NoKeyPage, SheetNotPage, TornSheet."""
    plain = re.sub(r"[,.]", " ", text.upper())
    heading = _HEADING.search(plain)
    if heading is None:
        raise SheetNotPage if _SHEET.search(plain) else NoKeyPage
    name = heading[1].translate(_MISREAD)
    return KeyPage(name, secret_in(text, name, 1))
