"""How much one open query may ask for. At most graphql-armor's defaults, and a fifth of its cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`bytes`, `tokens`, `nesting` are of the text; `depth` to `variables` of what it asks for.

    `cost` is in points: three fields are one; a field of the root, which asks the database, twenty; one with
    pages is a hundred and fifty. `work` is how many fields may really be resolved, whatever was reckoned;
    `answer` is in bytes, `seconds` are for all of it.
    """

    bytes: int = 10_000
    tokens: int = 1_000
    nesting: int = 24
    depth: int = 6
    aliases: int = 15
    directives: int = 10
    fragments: int = 10
    spreads: int = 20
    fields: int = 250
    repeats: int = 3
    variables: int = 20
    variable_depth: int = 10
    values: int = 1_000
    cost: int = 1_000
    work: int = 4_000
    answer: int = 64 * 1024
    seconds: float = 5.0
    errors: int = 5
    page: int = 20
    """Entries of a page when the query does not say how many."""
    longest_page: int = 50
    list: int = 5
    """Entries reckoned for a list that has no pages."""


LIMITS = Limits()


class Refused(Exception):
    """The query is not run. `code` says why (hub/api/codes.py); `detail` is what a builder may read."""

    def __init__(self, code: str, *detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
