"""Figures for the technician. No label holds a person, a room or a network: a small network is a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

HEARD = Counter("ayni_heard", "Things people said, by why they are doubted", ["doubt"], registry=REGISTRY)
REPLAYS = Counter("ayni_replays", "Events that came a second time and were not acted on", registry=REGISTRY)
COMPARED = Counter(
    "ayni_compared", "Pictures compared with apps, by how it ended", ["how"], registry=REGISTRY
)
ENVELOPES = Counter(
    "ayni_envelopes", "Envelopes from linked hubs, by what became of them", ["verdict"], registry=REGISTRY
)
DUE_LATE = Histogram(
    "ayni_due_late_seconds",
    "How late due times were looked at",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60),
    registry=REGISTRY,
)
LETTERS_WAITING = Gauge(
    "ayni_letters_waiting", "Letters not yet at the homeserver", ["account"], registry=REGISTRY
)


def text() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
