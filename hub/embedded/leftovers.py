"""What an earlier run left: a database server that is still ending, or a note of one that is not there."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

from hub.trouble import Trouble

PATIENCE = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""PostgreSQL's fast and immediate stop, then force; seconds each is given."""

INTERVAL = 0.05


class StillRunning(Trouble):
    """The database server of an earlier run (process {pid}) uses {folder} and does not end.
    End it by hand (kill -9 {pid}), then start Ayni again."""

    needs_person = True


def inhabitants(cluster: Path) -> set[int]:
    """Processes whose working folder is the cluster: the server and all its own processes.

    Compared by device and inode, because a server with a view of its own names the path differently.
    Where we may not look (a container's root without CAP_SYS_PTRACE), only the server itself is known, by
    its command line.
    """
    home = cluster.stat()
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _lives_in(entry, cluster, home):
            found.add(int(entry.name))
    return found


def _lives_in(process: Path, cluster: Path, home: os.stat_result) -> bool:
    try:
        return os.path.samestat((process / "cwd").stat(), home)
    except PermissionError:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return words[1:3] == [b"-D", os.fsencode(cluster)]
    except OSError:  # gone meanwhile, or a kernel thread
        return False


def recorded_server(cluster: Path) -> int | None:
    """The process id in PostgreSQL's own note, None without a readable note."""
    return _number(_note(cluster))


def _note(cluster: Path) -> Path:
    return cluster / "postmaster.pid"


def _number(note: Path) -> int | None:
    first = note.read_text().split("\n", 1)[0] if note.exists() else ""
    return int(first) if first.strip().isdigit() else None


async def clear_leftovers(cluster: Path, sockets: Path) -> None:
    """Wait for, then end, the server of an earlier run that still works in this very folder; `sockets` is the
    folder of its socket.

    Only the process named in the folder's own postmaster.pid is ever signalled, and only if it really
    works in there; its own processes follow by themselves. Raises StillRunning.
    """
    pid = recorded_server(cluster)
    living = inhabitants(cluster)
    if not living:
        _forget(cluster, sockets)
        return
    for force, seconds in PATIENCE:
        if pid in living:
            with suppress(ProcessLookupError):
                os.kill(pid, force)
        if await deserted(cluster, seconds):
            _forget(cluster, sockets)
            return
    raise StillRunning(pid=pid, folder=cluster)


def _forget(cluster: Path, sockets: Path) -> None:
    """Notes of a server that is gone, one in its folder and one beside each socket.

    After a reboot or in a new container their number may be some other program's, or one nobody buried yet;
    PostgreSQL would take that for a running server and refuse for ever.
    """
    for note in (_note(cluster), *sockets.glob(".s.PGSQL.*.lock")):
        pid = _number(note)
        if pid is not None and Path(f"/proc/{pid}").exists():
            note.unlink(missing_ok=True)


async def deserted(cluster: Path, seconds: float) -> bool:
    """Wait until no process works in that folder; False if some still do after `seconds`."""
    for _ in range(round(seconds / INTERVAL)):
        if not inhabitants(cluster):
            return True
        await asyncio.sleep(INTERVAL)
    return False
