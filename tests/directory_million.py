"""A directory of any size, made inside PostgreSQL in a few statements: the shapes of FACTS.md.

About 4,000 places, 60 issues (1 to 5 a card, a few very common), 40 languages, 100 kinds of help, cards of
people and organisations on up to 200 networks; the home network's people are members. The same numbers give
the same cards. Nobody in it is anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from directory import vocabularies
from directory.core.cards import tags
from directory.store.database import Database
from directory.store.tables import cards
from directory.vocabulary import RegionKind, Vocabulary

ISSUES, LANGUAGES, OFFERS, PLACES = 60, 40, 100, 4_000
COMMON_LANGUAGES = (
    "es en fr ar pt ru zh hi bn sw id am ha fa tr uk my vi th ur ne si ta km lo ka hy az so rw mg ht qu gn "
    "ay quc kek nah"
)


@dataclass(frozen=True, slots=True)
class Made:
    """What can be asked for, the commonest first."""

    issues: tuple[str, ...]
    languages: tuple[str, ...]
    offers: tuple[str, ...]
    places: tuple[str, ...]


def vocabulary(known: Vocabulary) -> Made:
    """The keys the cards use."""
    every_issue, every_language, every_place = (
        known.issues.keys(),
        known.languages.keys(),
        known.regions.keys(),
    )
    issues = [key for key in every_issue if not known.issues.stigma(key)][:ISSUES]
    spoken = [key for key in COMMON_LANGUAGES.split() if known.languages.ancestors(key)]
    more = [key for key in every_language if key not in spoken]
    offers = [*known.offers.keys(), *(f"more-{number}" for number in range(OFFERS))][:OFFERS]
    fine = [key for key in every_place if "-" in key]
    every = max(1, len(fine) // (PLACES - 250))
    places = [*known.regions.countries(), *fine[::every]][:PLACES]
    return Made(tuple(issues), tuple((spoken + more)[:LANGUAGES]), tuple(offers), tuple(places))


async def make(
    database: Database, home: str, *, members: int, networks: int = 200, now: datetime, people: float = 0.8
) -> Made:
    """Fill an empty directory. The home network gets a share of its own, with rows of members."""
    known = vocabularies.known()
    made = vocabulary(known)
    async with database.transaction() as tx:
        for statement in (_PICK, _PLACES, _BROAD):
            await tx.execute(text(statement))
        rows = [
            {"n": number, "key": place, "tags": _place_tags(place, known), "country": _country(place, known)}
            for number, place in enumerate(made.places)
        ]
        await tx.execute(text("insert into places values (:n, :key, :tags, :country)"), rows)
        await tx.execute(text("insert into broad values (:key, :tag)"), _broad(made, known))
        given = {"n": members, "networks": networks, "home": home, "now": now, "people": people}
        given |= {"issues": list(made.issues), "languages": list(made.languages), "offers": list(made.offers)}
        given |= {"lease": now + timedelta(days=7), "places": len(made.places)}
        await tx.execute(text("alter table cards disable trigger user"))
        await tx.execute(text("alter table members disable trigger user"))
        await tx.execute(text("drop index ix_cards_tags"))
        for statement in (_NETWORKS, _MADE, _MEMBERS, _CARDS):
            await tx.execute(text(statement), _needed(statement, given))
        await tx.execute(text("drop table made"))
        await tx.execute(text("set local maintenance_work_mem = '512MB'"))
        index = next(one for one in cards.indexes if one.name == "ix_cards_tags")
        await tx.run_sync(index.create)
        await tx.execute(text("alter table cards enable trigger user"))
        await tx.execute(text("alter table members enable trigger user"))
    async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as plain:
        await plain.execute(text("vacuum (analyze) cards"))
        await plain.execute(text("vacuum (analyze) members"))
    return made


def _needed(statement: str, given: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if f":{name}" in statement}


def _broad(made: Made, known: Vocabulary) -> list[dict[str, str]]:
    """What a card with an issue or an offer is found by, from the function that makes the tags of cards."""
    found = []
    for kind, name, keys in (("i", "issues", made.issues), ("o", "offers", made.offers)):
        for key in keys:
            carried = set(tags({"kind": "", "country": None, name: [key]}, known)) - {"k:"}
            found += [{"key": f"{kind}:{key}", "tag": tag} for tag in sorted(carried)]
    return found


def _place_tags(place: str, known: Vocabulary) -> list[str]:
    return [f"w:{place}", *(f"r:{wide}" for wide in known.regions.ancestors(place))]


def _country(place: str, known: Vocabulary) -> str:
    region = known.regions.region(place)
    fine = region is not None and region.kind is RegionKind.SUBDIVISION
    return (region.parent or place) if fine and region is not None else place


_PICK = """
create or replace function pg_temp.pick(n bigint, salt int) returns float8 language sql immutable as $$
  select (hashint8extended(n, salt) & 1073741823)::float8 / 1073741824
$$
"""
_PLACES = (
    "create temp table places (place int primary key, key text, tags text[], country text) on commit drop"
)
_BROAD = "create temp table broad (key text, tag text, primary key (key, tag)) on commit drop"
_NETWORKS = """
insert into networks (id, name, state, since)
  select md5('network' || g), 'Network ' || g, 'active', cast(:now as timestamptz)
  from generate_series(1, :networks - 1) g
"""
_MADE = """
create temp table made on commit drop as
select n, md5(n::text) as id,
  (pg_temp.pick(n, 1) ^ 1.5 * :networks)::int % :networks as network,
  pg_temp.pick(n, 2) < :people as person,
  p.key as place, p.tags as place_tags, p.country,
  array(select distinct (cast(:issues as text[]))[1 + floor(array_length(cast(:issues as text[]), 1)
        * pg_temp.pick(n, 10 + g) ^ 2.2)::int]
        from generate_series(1, 1 + floor(5 * pg_temp.pick(n, 3) ^ 1.6)::int) g) as issues,
  array(select distinct (cast(:languages as text[]))[1 + floor(array_length(cast(:languages as text[]), 1)
        * pg_temp.pick(n, 20 + g) ^ 2.5)::int]
        from generate_series(1, 1 + floor(2 * pg_temp.pick(n, 4))::int) g) as languages,
  array(select distinct (cast(:offers as text[]))[1 + floor(array_length(cast(:offers as text[]), 1)
        * pg_temp.pick(n, 30 + g) ^ 1.8)::int]
        from generate_series(1, floor(3 * pg_temp.pick(n, 5))::int) g) as offers,
  cast(:now as timestamptz) - (pg_temp.pick(n, 6) * 500) * interval '1 day' as fresh_at
from generate_series(1, :n) n join places p on p.place = floor(:places * pg_temp.pick(n, 7) ^ 1.3)::int
"""
_MEMBERS = """
insert into members (id, kind, state, handle, handle_key, title, country, works_in, issues, languages, offers,
                     since, confirmed_at)
select id, case when person then 'person' else 'organisation' end, 'active',
  case when person then 'member' || n end, case when person then 'member' || n end,
  case when not person then 'Organisation ' || n end,
  country, array[place], issues, languages, offers, cast(:now as timestamptz) - interval '200 days', fresh_at
from made where network = 0
"""
_CARDS = """
insert into cards (id, origin, member, kind, body, tags, fresh_at, lease_until)
select md5('card' || n), case when network = 0 then :home else md5('network' || network) end,
  case when network = 0 then id end, kind,
  jsonb_build_object('id', md5('card' || n), 'kind', kind, 'title',
    case when person then 'member' || n else 'Organisation ' || n end, 'acronym', null, 'country', country,
    'regions', array[place], 'issues', issues, 'languages', languages, 'offers', offers, 'website', null,
    'listed_publicly', false, 'confirmed_at', extract(epoch from fresh_at)::bigint, 'purpose', null),
  array['k:' || kind] || place_tags
    || array(select distinct t.tag from unnest(issues) i join broad t on t.key = 'i:' || i)
    || array(select 'l:' || l from unnest(languages) l)
    || array(select distinct t.tag from unnest(offers) o join broad t on t.key = 'o:' || o),
  fresh_at, case when network = 0 then null else cast(:lease as timestamptz) end
from (select *, case when person then 'person' else 'organisation' end as kind from made) m order by n
"""
