"""What a reader can work out from a table with holes: the exact range of every hidden number.

A table whose rows and columns add up is a circulation: each cell an edge from its row to its column, each
column total an edge from its column to the whole, each row total an edge from the whole to its row. Every
table that fits what is shown differs from the true one by cycles of hidden edges, so the range of a hidden
number is found by two maximum flows (Kelly, Golden and Assad 1992), in whole numbers, without a solver.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

Edge = tuple[str, str]
PLENTY = 10**9
"""More than any count; the number of people is below 2^30."""


@dataclass
class Circulation:
    """Edges with their true values; `hidden` are those a reader does not see; `fixed` may never be hidden."""

    values: dict[Edge, int]
    hidden: set[Edge] = field(default_factory=set)
    fixed: frozenset[Edge] = frozenset()

    def range_of(self, edge: Edge, enough: int = PLENTY) -> tuple[int, int]:
        """Least and greatest value that fits everything shown; stops looking `enough` away from the truth."""
        if edge not in self.hidden:
            return self.values[edge], self.values[edge]
        start, end = edge
        up = self._flow(end, start, edge, enough)
        down = self._flow(start, end, edge, min(enough, self.values[edge]))
        return self.values[edge] - down, self.values[edge] + up

    def cheapest_cycle(self, edge: Edge, slack: int) -> list[Edge] | None:
        """Shown edges to hide so that `edge` can be `slack` greater; least people hidden; None if impossible.

        Along the cycle values that have to go down must be at least `slack`.
        """
        start, goal = edge[1], edge[0]
        best: dict[str, tuple[int, list[Edge]]] = {start: (0, [])}
        queue: list[tuple[int, str]] = [(0, start)]
        while queue:
            cost, node = heappop(queue)
            if node == goal:
                return best[node][1]
            if cost > best[node][0]:
                continue
            for step, neighbour, room in self._steps(node):
                if step == edge or step in self.fixed or room < slack:
                    continue
                shown = step not in self.hidden
                price = cost + (1 + self.values[step] if shown else 0)
                if neighbour not in best or price < best[neighbour][0]:
                    best[neighbour] = (price, [*best[node][1], step] if shown else best[node][1])
                    heappush(queue, (price, neighbour))
        return None

    def _steps(self, node: str) -> Iterator[tuple[Edge, str, int]]:
        """Edges at a node: along it a value may grow without end, against it shrink to nothing."""
        for edge in self._at.get(node, ()):
            if edge[0] == node:
                yield edge, edge[1], PLENTY
            else:
                yield edge, edge[0], self.values[edge]

    def _flow(self, source: str, sink: str, without: Edge, enough: int) -> int:
        """Maximum flow through hidden edges, at most `enough`; augmenting along shortest paths."""
        moved: dict[Edge, int] = {}
        total = 0
        while total < enough:
            path = self._path(source, sink, without, moved)
            if path is None:
                break
            room = min(enough - total, min(self._room(edge, along, moved) for edge, along in path))
            for edge, along in path:
                moved[edge] = moved.get(edge, 0) + (room if along else -room)
            total += room
        return total

    def _room(self, edge: Edge, along: bool, moved: dict[Edge, int]) -> int:
        return PLENTY if along else self.values[edge] + moved.get(edge, 0)

    def _path(
        self, source: str, sink: str, without: Edge, moved: dict[Edge, int]
    ) -> list[tuple[Edge, bool]] | None:
        came: dict[str, tuple[str, Edge, bool] | None] = {source: None}
        queue = deque([source])
        while queue and sink not in came:
            node = queue.popleft()
            for edge, neighbour, _ in self._steps(node):
                along = edge[0] == node
                if edge == without or edge not in self.hidden or neighbour in came:
                    continue
                if self._room(edge, along, moved) > 0:
                    came[neighbour] = (node, edge, along)
                    queue.append(neighbour)
        if sink not in came:
            return None
        path = []
        while (step := came[sink]) is not None:
            sink = step[0]
            path.append((step[1], step[2]))
        return path

    def __post_init__(self) -> None:
        self._at: dict[str, list[Edge]] = {}
        for edge in self.values:
            for node in edge:
                self._at.setdefault(node, []).append(edge)
