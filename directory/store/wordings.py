"""Rows of what this network says in its own way, and of the languages it added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from directory.core.wordings import Added, Book
from directory.store.database import Tx
from directory.store.tables import added_languages, added_sentences, wordings

CHANNEL = "ayni_book"


async def book(tx: Tx) -> Book:
    """All of it, without the recordings themselves."""
    newest = (
        select(wordings.c.locale, wordings.c.message, wordings.c.forms)
        .ext(distinct_on(wordings.c.locale, wordings.c.message))
        .order_by(wordings.c.locale, wordings.c.message, wordings.c.place.desc())
    )
    changed = {(row.locale, row.message): tuple(row.forms) for row in await tx.execute(newest)}
    added = {row.tag: await _added(tx, row) for row in (await tx.execute(select(added_languages))).all()}
    return Book(changed, added)


async def _added(tx: Tx, row: object) -> Added:
    tag, name, second, rtl = (getattr(row, key) for key in ("tag", "name", "second", "rtl"))
    has_voice = added_sentences.c.voice.is_not(None).label("has_voice")
    found = await tx.execute(
        select(added_sentences.c.message, added_sentences.c.says, has_voice).where(
            added_sentences.c.tag == tag
        )
    )
    rows = found.all()
    return Added(
        name,
        second,
        rtl,
        {one.message: one.says for one in rows},
        frozenset(one.message for one in rows if one.has_voice),
    )


async def change(
    tx: Tx, *, id_: str, locale: str, message: str, forms: tuple[str, ...], now: datetime
) -> None:
    """Say a sentence differently from now on."""
    values = {"id": id_, "locale": locale, "message": message, "forms": list(forms), "at": now}
    await tx.execute(insert(wordings).values(**values))
    await _told(tx)


async def undo(tx: Tx, locale: str, message: str) -> bool:
    """Take the newest change of a sentence away; False when there was none."""
    newest = (
        select(wordings.c.id)
        .where(wordings.c.locale == locale, wordings.c.message == message)
        .order_by(wordings.c.place.desc())
        .limit(1)
    )
    gone = await tx.execute(delete(wordings).where(wordings.c.id.in_(newest)).returning(wordings.c.id))
    await _told(tx)
    return gone.one_or_none() is not None


async def add_language(
    tx: Tx, tag: str, *, name: str, second: str, rtl: bool, sentences: Mapping[str, str], now: datetime
) -> None:
    """Add a language, or bring one up to date; recordings of sentences that stay are kept."""
    values = {"name": name, "second": second, "rtl": rtl, "since": now}
    await tx.execute(
        insert(added_languages)
        .values(tag=tag, **values)
        .on_conflict_do_update(index_elements=["tag"], set_=values)
    )
    await tx.execute(
        delete(added_sentences).where(
            added_sentences.c.tag == tag, added_sentences.c.message.not_in(list(sentences))
        )
    )
    for message, says in sentences.items():
        row = insert(added_sentences).values(tag=tag, message=message, says=says)
        await tx.execute(row.on_conflict_do_update(index_elements=["tag", "message"], set_={"says": says}))
    await _told(tx)


async def record(tx: Tx, tag: str, message: str, audio: bytes) -> bool:
    """Keep the recording of a sentence; False when the language has no such sentence."""
    done = await tx.execute(
        added_sentences.update()
        .where(added_sentences.c.tag == tag, added_sentences.c.message == message)
        .values(voice=audio)
        .returning(added_sentences.c.tag)
    )
    await _told(tx)
    return done.one_or_none() is not None


async def recording(tx: Tx, tag: str, message: str) -> bytes | None:
    """A recording; None when there is none."""
    return await tx.scalar(
        select(added_sentences.c.voice).where(
            added_sentences.c.tag == tag, added_sentences.c.message == message
        )
    )


async def remove_language(tx: Tx, tag: str) -> bool:
    """Take a language out again; False when it was not there."""
    gone = await tx.execute(
        delete(added_languages).where(added_languages.c.tag == tag).returning(added_languages.c.tag)
    )
    await _told(tx)
    return gone.one_or_none() is not None


async def _told(tx: Tx) -> None:
    """Every process of this hub reads the book again once this commits."""
    await tx.execute(select(func.pg_notify(CHANNEL, "")))
