"""Our code, loaded once: `care`, `door` and background work grow from this process, ready to begin.

Loading takes three seconds of a small computer's core and 80 MiB. A process forked here begins with both
done, and what it never writes to stays one memory for all. What grows is a process of its own, as if started
by name; it ends when this one does (SIGKILL), and this one when whoever started it does.

`python -m hub.stem HANDLE PADDING`: HANDLE is an inherited socket (hub/growing.py holds the other end),
PADDING leaves room for the names that `ps` shows. Nothing may run here but imports: a thread would not
survive a fork, and chance drawn before one would be drawn twice. It holds no key and nobody's data.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.loading import loading, settled
from hub.process import keep_memory
from hub.process import main as run_role

LARGEST = 1 << 18
"""Bytes of one order."""
MAY_ONLY_WORK = frozenset({"hub.work"})
"""What a role may let grow; whoever started us may let roles grow as well."""
MAY_ALL = MAY_ONLY_WORK | {"hub.process"}
_SET_PDEATHSIG, _SET_NAME = 1, 15
"""Options of prctl(2)."""

Grown = Callable[[], int]


def load() -> None:
    """Everything that care, door and their work need."""
    import hub.care
    import hub.door
    import hub.importing_work
    import hub.migrations
    import hub.serving
    import hub.work  # noqa: F401 — loaded to be there


@dataclass(slots=True)
class Line:
    """A socket that orders come from, and the children that grew for it: pid → number of the order."""

    socket: socket.socket
    may: frozenset[str]
    children: dict[int, int] = field(default_factory=dict)

    def tell(self, words: dict[str, object], handles: tuple[int, ...] = ()) -> None:
        """Tell the other end; nobody listens any more when it has just gone."""
        with suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self.socket, [json.dumps(words).encode()], handles)


class Stem:
    """Takes orders until whoever started us is gone."""

    def __init__(self, first: socket.socket) -> None:
        self._selector = selectors.DefaultSelector()
        self._first = Line(first, MAY_ALL)
        self._lines = {self._first.socket.fileno(): self._first}
        self._selector.register(first, selectors.EVENT_READ, self._first)
        self._ended, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._ended, selectors.EVENT_READ)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._wake = wake

    def tend(self) -> Grown | None:
        """None when it is over. Returns once more in every child: with what the child is to do."""
        self._first.tell({"ready": os.getpid()})
        while self._first.socket.fileno() >= 0:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._reap()
                elif key.data.socket.fileno() in self._lines and (grown := self._hear(key.data)):
                    return grown
        return None

    def _hear(self, line: Line) -> Grown | None:
        text, handles, _, _ = socket.recv_fds(line.socket, LARGEST, 4)
        if not text:
            self._gone(line)
            return None
        order = json.loads(text)
        try:
            if order["run"] not in line.may:
                raise PermissionError(errno.EPERM, "not for a role to start")
            return self._grow(line, order, handles)
        except OSError as refusal:  # of the system too, when it can bear no more processes
            line.tell({"number": order["number"], "refused": refusal.strerror})
            return None
        finally:
            for each in handles:
                os.close(each)

    def _grow(self, line: Line, order: dict[str, Any], handles: list[int]) -> Grown | None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stem = os.getpid()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._let_go()
            return _begin(order, handles, theirs, stem)
        theirs.close()
        self._remember(line, Line(ours, MAY_ONLY_WORK), order["number"], pid)
        return None

    def _remember(self, line: Line, child: Line, number: int, pid: int) -> None:
        self._lines[child.socket.fileno()] = child
        self._selector.register(child.socket, selectors.EVENT_READ, child)
        line.children[pid] = number
        handle = os.pidfd_open(pid)  # it cannot be reaped before we look: its number is still its own
        line.tell({"number": number, "pid": pid}, (handle,))
        os.close(handle)

    def _gone(self, line: Line) -> None:
        """Whoever ordered has ended, and with it what it wanted done."""
        for pid in line.children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._selector.unregister(line.socket)
        del self._lines[line.socket.fileno()]
        line.socket.close()

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._ended, 4096)
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                self._tell_end(found[0], os.waitstatus_to_exitcode(found[1]))

    def _tell_end(self, pid: int, code: int) -> None:
        for line in self._lines.values():
            if pid in line.children:
                line.tell({"number": line.children.pop(pid), "code": code})
                return

    def _let_go(self) -> None:
        """In a child: nothing of ours stays open in it."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for each in self._lines.values():
            each.socket.close()
        os.close(self._ended)
        os.close(self._wake)


def _begin(order: dict[str, Any], handles: list[int], line: socket.socket, stem: int) -> Grown:
    """In a child: become what is asked for, as hub/embedded/launch.py does for a program of another kind."""
    libc = ctypes.CDLL(None)
    libc.prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != stem:
        os._exit(128 + signal.SIGTERM)
    os.setsid()  # Ctrl-C reaches only whoever supervises
    if len(handles) == 2:
        handles.insert(0, os.open(os.devnull, os.O_RDONLY))
    for number, each in enumerate(handles):
        os.dup2(each, number)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    os.nice(order["nice"])
    module, arguments = order["run"], order["arguments"]
    _show_as(libc, [sys.executable, "-m", module, *arguments])
    if module == "hub.process":
        from hub import growing

        growing.take(line)
        return lambda: run_role(arguments[0], Path(arguments[1]))
    line.close()
    from hub.work import main as work

    return lambda: work(arguments)


def _show_as(libc: ctypes.CDLL, argv: list[str]) -> None:
    """What `ps` shows: the words we were started with, of which only their place in memory can be changed."""
    libc.prctl(_SET_NAME, f"ayni {argv[3]}".encode()[:15], 0, 0, 0)
    places = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    first, last = int(places[45]), int(places[46])
    words = "\0".join(argv).encode()[: last - first - 1]
    ctypes.memmove(first, words.ljust(last - first, b"\0"), last - first)


def main(handle: int) -> int:
    """Until whoever started us is gone. Raises nothing an owner could mend."""
    keep_memory()
    loading()
    load()
    settled()
    grown = Stem(socket.socket(fileno=handle)).tend()
    return 0 if grown is None else grown()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
