"""How an account without rights reaches the files it needs when Ayni was started by root.

* It can reach everything: nothing to do.
* The checkout, the interpreter or the data lie below a folder that is closed to others (typically /root,
  0700). Opening that folder would change somebody's system behind their back; copying interpreter and
  packages elsewhere costs 400 MB. So the child gets a *view* of its own (a mount namespace): the closed
  folder is covered by an open, empty one, in which only the needed folders are bound, at the same paths.
  Our keys and the rest of the closed folder do not exist in there.
* The system forbids that (a container without CAP_SYS_ADMIN), or the needed files themselves are closed to
  others (installed under umask 077): the child keeps the one capability to pass file permissions. It is
  root for nothing else, but could read our keys: better than no demo, worse than starting Ayni as an
  ordinary person. `way` names the case, so that `ayni doctor` can say it.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hub.embedded.account import Account

CAP_DAC_OVERRIDE = 1
LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class View:
    """What a child sees instead of closed folders: `veils` are covered, `shows` stay, `links` are remade."""

    veils: tuple[str, ...]
    shows: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """How a child reaches its files: plainly, through a view, or by a capability (its Linux number)."""

    view: View | None = None
    capability: int | None = None

    @property
    def way(self) -> str:
        """One of "plain", "view", "capability"."""
        if self.view:
            return "view"
        return "plain" if self.capability is None else "capability"


PLAIN = Sight()


@dataclass(frozen=True, slots=True)
class Needs:
    """`folders` a program uses, whole; `probes` are files in them that tell whether others may read them."""

    folders: tuple[Path, ...]
    probes: tuple[Path, ...] = ()

    def __add__(self, other: Needs) -> Needs:
        return Needs(self.folders + other.folders, self.probes + other.probes)


def sight(account: Account, needs: Needs) -> Sight:
    """How `account` is to reach what it needs.

    Judges by mode bits only, not by access-control lists: a folder opened by a list gets a view that it
    would not need, which is harmless.
    """
    if not account.drop:
        return PLAIN
    reals, links = _walk(needs.folders)
    if not all(_reachable(account, probe.resolve(), reals) for probe in needs.probes):
        return Sight(capability=CAP_DAC_OVERRIDE)
    veils = {veil for real in reals if (veil := _first_closed(account, real))}
    if not veils:
        return PLAIN
    if not _may_mount():
        return Sight(capability=CAP_DAC_OVERRIDE)
    return Sight(_view(veils, reals, links))


def python_needs() -> Needs:
    """What a Python program of this same environment reads: interpreter, packages, our own source."""
    interpreter = Path(sys.executable)
    source = Path(__file__).parents[2]
    homes = (Path(sys.base_prefix), Path(sys.base_exec_prefix), *_recorded_home())
    return Needs(
        folders=(Path(sys.prefix), *homes, interpreter.resolve().parents[1], source),
        probes=(interpreter, Path(os.__file__), Path(__file__)),
    )


def _recorded_home() -> tuple[Path, ...]:
    # uv records a symlink without the patch version here; the interpreter looks for it by that name.
    settings = Path(sys.prefix) / "pyvenv.cfg"
    lines = settings.read_text().splitlines() if settings.exists() else []
    pairs = (line.partition("=") for line in lines)
    return tuple(Path(value.strip()).parent for key, _, value in pairs if key.strip() == "home")


def _view(veils: set[Path], reals: set[Path], links: dict[Path, str]) -> View:
    hidden = [path for path in reals if _below(path, veils)]
    outermost = [path for path in hidden if not _below(path, set(hidden) - {path})]
    lost = {path: target for path, target in links.items() if _below(path, veils)}
    return View(
        veils=tuple(sorted(map(str, veils))),
        shows=tuple(sorted(map(str, outermost))),
        links=tuple(sorted((str(path), target) for path, target in lost.items())),
    )


def _below(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _walk(paths: Iterable[Path]) -> tuple[set[Path], dict[Path, str]]:
    """The real folders behind `paths`, and every symlink on the way to them."""
    reals: set[Path] = set()
    links: dict[Path, str] = {}
    for path in paths:
        rest, here = list(path.absolute().parts[1:]), Path("/")
        while rest:
            step = here / rest.pop(0)
            if step.is_symlink():
                links[step] = str(step.readlink())
                step = here / links[step]
                rest, here = [*Path(os.path.normpath(step)).parts[1:], *rest], Path("/")
            else:
                here = step
        reals.add(here)
    return reals, links


def _first_closed(account: Account, real: Path) -> Path | None:
    ancestors = (folder for folder in reversed(real.parents) if folder != Path("/"))
    return next((folder for folder in ancestors if not _may(account, folder, stat.S_IXOTH)), None)


def _reachable(account: Account, probe: Path, reals: set[Path]) -> bool:
    inner = (folder for folder in probe.parents if _below(folder, reals))
    return _may(account, probe, stat.S_IROTH) and all(_may(account, it, stat.S_IXOTH) for it in inner)


def _may(account: Account, path: Path, right: int) -> bool:
    """Whether the account has `right` (given as the bit for others) on this one file or folder."""
    at = path.stat()
    shift = 6 if at.st_uid == account.uid else 3 if at.st_gid == account.gid else 0
    return bool(at.st_mode & (right << shift))


@cache
def _may_mount() -> bool:
    trial = [sys.executable, "-I", "-S", str(LAUNCH), "--try-a-view"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0
