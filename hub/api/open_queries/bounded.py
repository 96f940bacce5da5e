"""An execution that counts as it goes and stops: what was reckoned beforehand is not trusted alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionContext, FieldNode, GraphQLLeafType, GraphQLObjectType
from graphql.pyutils import AwaitableOrValue, Path, Undefined

from hub.api.open_queries.limits import LIMITS, Limits


class Overrun(Exception):
    """More was resolved than an open query may; the whole answer is thrown away."""


@dataclass(slots=True)
class Budget:
    """What is left of one execution. `over` names the code once it is spent."""

    limits: Limits = LIMITS
    fields: int = 0
    bytes: int = 0
    over: str | None = None

    def field(self, name: str) -> None:
        """One more field. Raises Overrun."""
        self.fields += 1
        self.bytes += len(name) + 6
        if self.fields > self.limits.work:
            self.over = self.over or "TOO_COSTLY"
        self._stop()

    def leaf(self, value: object) -> None:
        """One more value in the answer. Raises Overrun."""
        self.bytes += len(value.encode()) + 2 if isinstance(value, str) else 6
        if self.bytes > self.limits.answer:
            self.over = self.over or "TOO_BIG_ANSWER"
        self._stop()

    def _stop(self) -> None:
        if self.over is not None:
            raise Overrun


class Tidy(ExecutionContext):
    """graphql-core's execution that leaves nothing running behind: a field that fails waits for its siblings.
    Else they would go on when the turn they ask in is over, or never be awaited."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        fields: dict[str, list[FieldNode]],
    ) -> AwaitableOrValue[dict[str, Any]]:
        """All fields of one object, at the same time."""
        results: dict[str, Any] = {}
        failed: Exception | None = None
        for name, nodes in fields.items():
            try:
                found = self.execute_field(
                    parent_type, source_value, nodes, Path(path, name, parent_type.name)
                )
            except Exception as why:  # noqa: BLE001 — raised again below, once the others have ended
                failed = why
                break
            if found is not Undefined:
                results[name] = found
        waiting = {name: found for name, found in results.items() if self.is_awaitable(found)}
        if not waiting:
            if failed is not None:
                raise failed
            return results
        return _ended(results, waiting, failed)


async def _ended(
    results: dict[str, Any], waiting: dict[str, Any], failed: Exception | None
) -> dict[str, Any]:
    ends = await asyncio.gather(*waiting.values(), return_exceptions=True)
    for name, end in zip(waiting, ends, strict=True):
        if isinstance(end, BaseException):
            raise failed or end
        results[name] = end
    if failed is not None:
        raise failed
    return results


class Bounded(Tidy):
    """The same with the asking's budget beside it."""

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_nodes: list[FieldNode], path: Path
    ) -> AwaitableOrValue[Any]:
        """Count, then resolve."""
        self.context_value.budget.field(str(path.key))
        return super().execute_field(parent_type, source, field_nodes, path)

    def complete_leaf_value(self, return_type: GraphQLLeafType, result: Any) -> Any:  # type: ignore[override]
        """Resolve, then weigh."""
        value = ExecutionContext.complete_leaf_value(return_type, result)
        self.context_value.budget.leaf(value)
        return value
