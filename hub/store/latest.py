"""Asks PostgreSQL again and again for the number of the last change of cards: in a thread of its own, so that
a busy event loop does not make the answer look old."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg

LATEST = "select coalesce(max(number), 0) from card_turns"


def watch(
    url: str,
    every: float,
    elapsed: Callable[[], float],
    heard: Callable[[int, float], None],
    ended: threading.Event,
) -> None:
    """Call `heard(number, when it was asked)` until `ended`. While PostgreSQL is away nothing is heard."""
    while not ended.is_set():
        try:
            with psycopg.connect(url, autocommit=True, application_name="ayni index watch") as connection:
                while not ended.wait(every):
                    began = elapsed()
                    row = connection.execute(LATEST, prepare=True).fetchone()
                    heard(row[0] if row else 0, began)
        except psycopg.Error:
            ended.wait(0.5)
