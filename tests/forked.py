"""Run `ayni` in a process of its own that begins with our code loaded, as hub/stem.py does for a hub.

Loading takes more of a core than most commands, and the tests run a hundred. The process is the command's
own: its arguments, environment, input and output, and its exit code. `python -m forked FOLDER` is the program
that the commands grow from; `run` is for the tests.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp

ROOT = Path(__file__).parents[1]
LARGEST = 1 << 18
WITHIN_S = 90.0
"""Longer takes no command that ends."""


def load() -> None:
    """What the commands load when they run."""
    import hub.backup
    import hub.cli.asking
    import hub.doctor.examine
    import hub.founding
    import hub.stem

    hub.stem.load()


class _Stem:
    """One for each process that runs tests, from its first command on."""

    place: Path | None = None

    @classmethod
    def address(cls) -> str:
        if cls.place is None:
            cls.place = Path(mkdtemp(prefix="ayni-stem-")) / "s"
            env = {
                **os.environ,
                "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}",
                "COLUMNS": "300",
                "NO_COLOR": "1",
            }
            program = subprocess.Popen(
                [sys.executable, "-m", "forked", str(cls.place)],
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            assert program.stdout is not None and program.stdin is not None
            assert program.stdout.readline() == b"ready\n"
            atexit.register(program.stdin.close)
        return str(cls.place)


def run(words: Sequence[str], env: Mapping[str, str], typed: bytes) -> tuple[int, bytes, bytes]:
    """The exit code (negative for a signal), and what it printed."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err, _connected() as line:
        given.write(typed)
        given.seek(0)
        order = json.dumps({"words": list(words), "env": dict(env), "cwd": str(Path.cwd())}).encode()
        socket.send_fds(line, [order], [given.fileno(), out.fileno(), err.fileno()])
        code = int(line.recv(64))
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


def _connected() -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.settimeout(WITHIN_S)
    line.connect(_Stem.address())
    return line


def serve(place: str) -> None:
    """Let commands grow until whoever started us closes our input."""
    load()
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(place)
    listener.listen()
    print("ready", flush=True)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ)
    selector.register(listener, selectors.EVENT_READ, (None, 0))
    while True:
        for key, _ in selector.select():
            if key.data is None:
                return
            line, pid = key.data
            if line is None:
                line, _ = listener.accept()
                pid = _grow(line, [listener, selector])
                selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (line, pid))
                continue
            selector.unregister(key.fileobj)
            os.close(key.fd)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with line:
                line.sendall(str(code).encode())


def _grow(line: socket.socket, ours: list[socket.socket | selectors.BaseSelector]) -> int:
    data, handles, _, _ = socket.recv_fds(line, LARGEST, 3)
    pid = os.fork()
    if pid == 0:
        for each in (*ours, line):
            each.close()
        _become(json.loads(data), handles)
    for handle in handles:
        os.close(handle)
    return pid


def _become(order: dict[str, object], handles: list[int]) -> None:
    """What Python does for a program, from its start to its end."""
    code: object = 1
    try:
        for number, handle in enumerate(handles):
            os.dup2(handle, number)
            os.close(handle)
        os.environ.clear()
        os.environ.update(order["env"])  # type: ignore[call-overload]
        os.chdir(str(order["cwd"]))
        sys.argv = ["ayni", *order["words"]]  # type: ignore[misc]
        from hub.cli import main

        code = main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 — told on standard error, as Python does
        sys.excepthook(*sys.exc_info())
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    serve(sys.argv[1])
