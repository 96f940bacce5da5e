"""Which account the embedded programs run as.

PostgreSQL refuses to run as root, and a homeserver that strangers can speak to should not. Started by an
ordinary person, Ayni's children are simply that person; started by root, they become an account without
rights. How that account then reaches its files is hub/embedded/sight.py.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from hub.trouble import Trouble

PREFERRED = ("ayni", "nobody")


class NoOrdinaryAccount(Trouble):
    """Ayni was started by root, and this computer has neither an account named ayni nor one named nobody.
    Make one (useradd --system ayni) or start Ayni as an ordinary person."""

    needs_person = True


class FolderOfAnother(Trouble):
    """The folder {folder} belongs to the account {owner}, but Ayni was started as {me}.
    Start it as {owner}, or name another data folder."""

    needs_person = True


@dataclass(frozen=True, slots=True)
class Account:
    """Who a child runs as. `drop` is False when that is already who we are."""

    uid: int
    gid: int
    name: str
    drop: bool

    @property
    def owner(self) -> tuple[int, int] | None:
        """What files must be given to so that the child owns them; None when they already are."""
        return (self.uid, self.gid) if self.drop else None


def name_of(uid: int) -> str:
    """The account's name, or its number when nobody wrote one down."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def account_for(state: Path) -> Account:
    """The account for a child whose files are in `state`: whoever owns it already, else the best there is.

    Raises NoOrdinaryAccount, FolderOfAnother.
    """
    me = os.geteuid()
    owner = state.stat().st_uid if state.exists() else None
    if me != 0:
        if owner not in (None, me):
            raise FolderOfAnother(folder=state, owner=name_of(owner or 0), me=name_of(me))
        return Account(me, os.getegid(), name_of(me), drop=False)
    if owner:
        return _dropped(pwd.getpwuid(owner))
    for name in PREFERRED:
        try:
            return _dropped(pwd.getpwnam(name))
        except KeyError:
            continue
    raise NoOrdinaryAccount


def _dropped(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, drop=True)
