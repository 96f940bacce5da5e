"""Asks PostgreSQL again and again for the number of the last change of cards: in a thread of its own, so that
a busy event loop does not make the answer look old."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg

LATEST = "select coalesce(max(number), 0) from card_turns"


def watch(
    url: str,
    pause: Callable[[], None],
    elapsed: Callable[[], float],
    heard: Callable[[int, float], None],
    ended: threading.Event,
) -> None:
    """Call `heard(number, when it was asked)` until `ended`, with `pause` between; not while PostgreSQL is
    away."""
    while not ended.is_set():
        try:
            with psycopg.connect(url, autocommit=True, application_name="ayni index watch") as connection:
                while not ended.is_set():
                    began = elapsed()
                    row = connection.execute(LATEST, prepare=True).fetchone()
                    heard(row[0] if row else 0, began)
                    pause()
        except psycopg.Error:
            ended.wait(0.5)
