"""A small load generator: keep-alive connections, the next request as soon as the last answer is whole.

`python load.py PORT CONNECTIONS SECONDS REQUESTS` where REQUESTS is a file of whole HTTP requests, each after
its length in four bytes. Prints one JSON object, with what it cost itself: it looks at lengths and statuses.
"""

from __future__ import annotations

import json
import resource
import select
import socket
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Line:
    """One connection: what was sent when, and how much of the answer is still to come."""

    socket: socket.socket
    began: float = 0.0
    left: int = 0
    head: bytes = b""


def requests_in(file: Path) -> list[bytes]:
    """The requests of a file."""
    data, found = file.read_bytes(), []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return found


class Load:
    """Connections that ask in turn."""

    def __init__(self, port: int, connections: int, asked: list[bytes]) -> None:
        self.asked = asked
        self.next = 0
        self.took: list[float] = []
        self.bad = 0
        self.bytes = 0
        self.poll = select.epoll()
        self.lines: dict[int, Line] = {}
        for _ in range(connections):
            line = Line(socket.create_connection(("127.0.0.1", port)))
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.lines[line.socket.fileno()] = line
            self.poll.register(line.socket.fileno(), select.EPOLLIN)

    def run(self, seconds: float) -> float:
        """Ask for so long; how long it really was."""
        began = time.perf_counter()
        for line in self.lines.values():
            self._send(line)
        while (now := time.perf_counter()) - began < seconds:
            for number, _ in self.poll.poll(1):
                self._hear(self.lines[number])
        return now - began

    def _send(self, line: Line) -> None:
        request = self.asked[self.next % len(self.asked)]
        self.next += 1
        line.began = time.perf_counter()
        line.socket.send(request)

    def _hear(self, line: Line) -> None:
        part = line.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server closed a connection")
        if line.left == 0:
            line.head += part
            end = line.head.find(b"\r\n\r\n")
            if end < 0:
                return
            head = line.head[:end].lower()
            at = head.index(b"content-length:") + 15
            size = int(head[at : (head + b"\r").index(b"\r", at)])
            self.bad += head[9:12] != b"200"
            line.left = size - (len(line.head) - end - 4)
            line.head = b""
            self.bytes += size
        else:
            line.left -= len(part)
        if line.left == 0:
            self.took.append(time.perf_counter() - line.began)
            self._send(line)


def main(arguments: list[str]) -> None:
    """Ask, and say how it went."""
    port, connections, seconds, file = arguments
    load = Load(int(port), int(connections), requests_in(Path(file)))
    took = load.run(float(seconds))
    used = resource.getrusage(resource.RUSAGE_SELF)
    times = sorted(load.took)
    told = {
        "a second": len(times) / took,
        "p50 ms": statistics.median(times) * 1e3,
        "p99 ms": times[int(len(times) * 0.99)] * 1e3,
        "bytes": load.bytes / len(times),
        "bad": load.bad,
        "own cpu µs": (used.ru_utime + used.ru_stime) / len(times) * 1e6,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
