"""Random directories, questions and writes, from a seed: for what must answer the same in two ways."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, update

from directory import vocabularies
from directory.core.cards import Body, tags
from directory.core.questions import Asker, Question
from directory.core.ranking import AVAILABLE
from directory.store.database import Tx
from directory.store.tables import cards, members, networks

PLACES = ("GT", "GT-AV", "MX", "FR", "KE", "013", "019", "001", "150", "SN", "011")
ISSUES = 12
TONGUES = ("es", "fr", "en", "ar", "quc", "es-GT", "sw")
KINDS = ("person", "organisation", "community", "bot")


@dataclass
class Directory:
    """One random directory, written into a database step by step."""

    chance: random.Random
    home: str
    now: datetime
    ids: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = vocabularies.known()
        every = known.issues.keys()
        marked = [key for key in every if known.issues.stigma(key)]
        rest = [key for key in every if key not in marked]
        self.issues = [*self.chance.sample(rest, ISSUES - 3), *self.chance.sample(marked, 3)]
        self.offers = self.chance.sample(known.offers.keys(), 5)

    def some(self, of: Sequence[str], most: int) -> list[str]:
        """None to `most` of these."""
        return self.chance.sample(list(of), self.chance.randint(0, min(most, len(of))))

    async def begin(self, tx: Tx) -> None:
        """Linked networks, one of which is suspended."""
        for number, state in enumerate(("active", "active", "suspended")):
            name = f"net{number}" + "0" * 59
            row = {"id": name, "name": f"Red {number}", "state": state, "since": self.now}
            await tx.execute(insert(networks).values(**row))
            self.linked.append(name)

    def body(self, card: str) -> Body:
        """What a random card says."""
        return {
            "id": card,
            "kind": self.chance.choice(KINDS),
            "title": self.chance.choice(("Ána «1»", "Org", "ليلى", 'B"\\\u2028')) + card[:3],
            "acronym": self.chance.choice((None, "ORG")),
            "country": self.chance.choice((None, "GT", "FR", "KE")),
            "regions": self.some(PLACES, 3),
            "issues": self.some(self.issues, 4),
            "languages": self.some(TONGUES, 3),
            "offers": self.some(self.offers, 2),
            "website": self.chance.choice((None, "https://example.org/ñ?a=1&b", "javascript:alert(1)")),
            "listed_publicly": self.chance.random() < 0.3,
            "confirmed_at": self.chance.choice((0, 1_790_000_000)),
            "purpose": self.chance.choice((None, "Helps")),
        }

    async def add(self, tx: Tx, many: int) -> None:
        """Cards of our own members and of linked networks; many were confirmed at the very same time."""
        rows = [self._row() for _ in range(many)]
        owners = [
            {
                "id": row["member"],
                "kind": row["kind"],
                "state": "active",
                "since": self.now,
                "locale": "en",
                "handle": None,
            }
            for row in rows
            if row["member"]
        ]
        if owners:
            await tx.execute(insert(members), owners)
        await tx.execute(insert(cards), rows)
        self.ids += [row["id"] for row in rows]
        self.people += [row["member"] for row in rows if row["member"]]

    def _row(self) -> dict[str, Any]:
        digits = f"{self.chance.getrandbits(128):032x}"
        card = digits if self.chance.random() < 0.9 else digits[:11] + "-né"  # as from another program
        ours = self.chance.random() < 0.6
        body = self.body(card)
        lease = self.now + timedelta(days=self.chance.choice((-9, -1, 5)))
        return {
            "id": card,
            "origin": self.home if ours else self.chance.choice(self.linked),
            "member": f"{self.chance.getrandbits(128):032x}" if ours else None,
            "kind": body["kind"],
            "body": body,
            "tags": self._tags(body),
            "fresh_at": self._fresh(),
            "lease_until": None if ours else lease,
        }

    def _tags(self, body: Body) -> list[str]:
        return [*tags(body, vocabularies.known()), *[AVAILABLE] * (self.chance.random() < 0.3)]

    def _fresh(self) -> datetime:
        return self.now - timedelta(
            days=self.chance.choice((0, 0, 1, 2)),
            microseconds=self.chance.choice((0, 0, self.chance.randint(0, 9))),
        )

    async def write(self, tx: Tx) -> None:
        """Something that may happen to a directory."""
        some = self.some(self.ids, 5) or self.ids[:1]
        match self.chance.randint(0, 6):
            case 0:
                await self.add(tx, self.chance.randint(1, 5))
            case 1 | 2:
                await self._rewrite(tx, some)
            case 3:
                await tx.execute(delete(cards).where(cards.c.id.in_(some)))
                self.ids = [card for card in self.ids if card not in some]
            case 4:
                network = self.chance.choice(self.linked)
                until = self.now + timedelta(days=self.chance.choice((-9, 3)))
                await tx.execute(update(cards).where(cards.c.origin == network).values(lease_until=until))
            case 5:
                network = self.chance.choice(self.linked)
                state = self.chance.choice(("active", "suspended"))
                name = f"Red {self.chance.randint(0, 99)}"
                await tx.execute(
                    update(networks).where(networks.c.id == network).values(state=state, name=name)
                )
            case 6:
                gone = self.people.pop() if self.people else ""
                await tx.execute(delete(members).where(members.c.id == gone))

    async def _rewrite(self, tx: Tx, ids: list[str]) -> None:
        for card in ids:
            body = self.body(card)
            values = {"body": body, "kind": body["kind"], "tags": self._tags(body)}
            fresh = {"fresh_at": self._fresh()} if self.chance.random() < 0.5 else {}
            await tx.execute(
                update(cards).where(cards.c.id == card).values(**values, **fresh, version=cards.c.version + 1)
            )

    def question(self, first: int) -> Question:
        """Something somebody may look for."""
        return Question(
            issues=tuple(self.some(self.issues, 3)),
            regions=tuple(self.some(PLACES, 2)),
            languages=tuple(self.some(TONGUES, 2)),
            offers=tuple(self.some(self.offers, 2)) if self.chance.random() < 0.3 else (),
            kinds=tuple(self.some(KINDS, 2)) if self.chance.random() < 0.3 else (),
            every=self.chance.random() < 0.3,
            first=first,
        )

    def asker(self) -> Asker:
        """Somebody who may ask it."""
        return Asker(
            member=self.chance.choice((None, *self.people[:20])),
            country=self.chance.choice((None, "GT", "FR")),
            languages=tuple(self.some(TONGUES, 2)),
            public_only=self.chance.random() < 0.2,
        )
