"""Compile a program once, for an account that can read the packages and write nothing beside them.

Run as a script by hub/embedded/synapse.py as the owner of the packages, with the program's module and the
folder to take turns on. Whatever was compiled becomes as readable as its source: what a process of ours
writes is closed to others, and an account that cannot read it compiles everything anew at every start.
"""

import fcntl
import importlib
import os
import stat
import sys
from importlib.util import cache_from_source
from pathlib import Path


def main(module: str, package: str) -> None:
    """Load it with everything it needs; a second process waits, and finds it done."""
    fcntl.flock(os.open(package, os.O_RDONLY), fcntl.LOCK_EX)
    sys.dont_write_bytecode = False
    importlib.import_module(module)
    for each in list(sys.modules.values()):
        source, compiled = getattr(each, "__file__", None), getattr(each, "__cached__", None)
        if source and compiled and Path(compiled).exists():
            _open_as(Path(source), Path(compiled))


def readable(source: Path) -> bool:
    """Is it compiled, for everybody who can read the source?"""
    compiled = Path(cache_from_source(str(source)))
    return compiled.exists() and bool(compiled.stat().st_mode & stat.S_IROTH) and _enterable(compiled.parent)


def _enterable(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def _open_as(source: Path, compiled: Path) -> None:
    compiled.chmod(stat.S_IMODE(source.stat().st_mode) & 0o644)
    if not _enterable(compiled.parent):
        compiled.parent.chmod(stat.S_IMODE(source.parent.stat().st_mode))


if __name__ == "__main__":
    main(*sys.argv[1:])
