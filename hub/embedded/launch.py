"""The last steps of a child before it becomes another program.

Run as a script by hub/embedded/child.py, with one JSON argument. A script of its own, because these steps
must happen in the new process after fork, where an asyncio program with threads may not safely run Python.
Only the standard library, and nothing of ours: it starts with `-I -S` in about 20 ms.

The order matters: mounts need root; changing the account clears the parent-death signal and all
capabilities; so the signal comes after the account, and the check for a parent that died before that last.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

CLONE_NEWNS = 0x00020000
MS_BIND, MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV = 4096, 16384, 1 << 18, 2, 4
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 28, 38, 47
PR_CAP_AMBIENT_RAISE = 2
NO_SETUID_FIXUP = 1 << 2
CAPABILITY_V3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def call(result: int, what: str) -> None:
    """Leave with the system's reason when a system call said no."""
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """mount(2)."""
    words = (source.encode(), target.encode(), kind.encode())
    call(libc.mount(*words, ctypes.c_ulong(flags), data.encode()), f"mount {target}")


def own_view(veils: list[str], shows: list[str], links: list[list[str]]) -> None:
    """Replace each closed folder by an open, empty one in which only `shows` and `links` exist.

    Only this process and its children see it; nothing on the disk changes.
    """
    call(libc.unshare(CLONE_NEWNS), "unshare")
    opened = [(path, os.open(path, os.O_PATH)) for path in shows]
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    for veil in veils:
        mount("ayni", veil, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m")
    for path, handle in opened:
        Path(path).mkdir(mode=0o755, parents=True, exist_ok=True)
        mount(f"/proc/self/fd/{handle}", path, "", MS_BIND | MS_REC)
        os.close(handle)
    for path, target in links:
        Path(path).parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            Path(path).symlink_to(target)


def become(uid: int, gid: int, capability: int | None) -> None:
    """Stop being root for good, keeping at most one capability."""
    if capability is not None:
        # Without it access(2), which PostgreSQL asks about its programs, would not count the capability.
        call(libc.prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0), "securebits")
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if capability is None:
        return
    header = (ctypes.c_uint32 * 2)(CAPABILITY_V3, 0)
    bit = 1 << capability
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    call(libc.capset(header, sets), "capset")
    call(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0), "ambient capability")


def main(order: dict[str, Any]) -> None:
    """Do what `order` says and become its program; see hub/embedded/child.py for the fields."""
    os.umask(0o022)
    view = order["view"]
    if view is not None:
        own_view(**view)
    if order["account"] is not None:
        uid, gid = order["account"]
        become(uid, gid, order["capability"])
    call(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    call(libc.prctl(PR_SET_PDEATHSIG, order["at_parents_death"], 0, 0, 0), "parent-death signal")
    if os.getppid() != order["parent"]:
        os._exit(128 + signal.SIGTERM)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    os.chdir(order["cwd"])
    argv = order["argv"]
    os.execv(argv[0], argv)  # noqa: S606 (no shell is the point)


if __name__ == "__main__":
    try:
        if sys.argv[1] == "--try-a-view":  # capabilities alone do not tell: seccomp and AppArmor have a say
            own_view(["/proc"], [], [])
            sys.exit(0)
        main(json.loads(sys.argv[1]))
    except OSError as trouble:
        sys.exit(f"could not start: {trouble}")
