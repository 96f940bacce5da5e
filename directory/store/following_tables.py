"""What tells a process that keeps cards in memory that something changed, numbered in commit order.

A transaction that changes what a search could answer leaves the ids of what it touched in `card_changes`. As
its very last act it takes one lock, and a number, in `card_turns`: whoever has a smaller number was committed
before, so that "everything after N" misses nothing. Triggers do it, because rows also change by cascades.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, event

from directory.store.database import metadata

card_turns = Table(
    "card_turns",
    metadata,
    Column("turn", BigInteger, primary_key=True, autoincrement=False),  # the transaction's own id
    Column("number", BigInteger, unique=True),  # null until its last act
)

card_changes = Table(
    "card_changes",
    metadata,
    Column("turn", BigInteger, primary_key=True, autoincrement=False),
    # A card's number; "~network": only leases; "@": what networks are called, or decoys; "#member".
    Column("what", Text, primary_key=True),
)

_NUMBERED = """
create sequence card_numbers;

create function card_turn() returns bigint language plpgsql as $$
declare mine bigint := pg_current_xact_id()::text::bigint;
begin
  insert into card_turns (turn) values (mine) on conflict do nothing;
  return mine;
end $$;

create function card_turn_numbered() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(71851821301767);
  update card_turns set number = nextval('card_numbers') where turn = new.turn;
  return null;
end $$;

create constraint trigger last_act after insert on card_turns
  deferrable initially deferred for each row execute function card_turn_numbered();
"""

_CARDS = """
create function cards_came() returns trigger language plpgsql as $$
begin
  if exists (select from new_rows) then
    insert into card_changes select turn, number::text
      from new_rows, (select card_turn() as turn offset 0) t on conflict do nothing;
  end if;
  return null;
end $$;

create function cards_went() returns trigger language plpgsql as $$
begin
  if exists (select from old_rows) then
    insert into card_changes select turn, number::text
      from old_rows, (select card_turn() as turn offset 0) t on conflict do nothing;
  end if;
  return null;
end $$;

create function cards_changed() returns trigger language plpgsql as $$
begin
  if exists (select from new_rows) then
    insert into card_changes
      select distinct turn, case when (o.version, o.fresh_at, o.tags, o.body)
        is distinct from (n.version, n.fresh_at, n.tags, n.body) then n.number::text else '~' || n.origin end
      from new_rows n join old_rows o using (id), (select card_turn() as turn offset 0) t
      on conflict do nothing;
  end if;
  return null;
end $$;

create trigger followed_in after insert on cards
  referencing new table as new_rows for each statement execute function cards_came();
create trigger followed_out after delete on cards
  referencing old table as old_rows for each statement execute function cards_went();
create trigger followed after update on cards
  referencing new table as new_rows old table as old_rows for each statement execute function cards_changed();
"""

_OTHERS = """
create function networks_changed() returns trigger language plpgsql as $$
begin
  insert into card_changes values (card_turn(), '@') on conflict do nothing;
  return null;
end $$;

create trigger followed after insert or delete or update of name, home, state on networks
  for each statement execute function networks_changed();

create trigger followed after insert or delete on decoys
  for each statement execute function networks_changed();

create function person_changed() returns trigger language plpgsql as $$
begin
  insert into card_changes
    values (card_turn(), '#' || (coalesce(to_jsonb(new), to_jsonb(old)) ->> tg_argv[0]))
    on conflict do nothing;
  return null;
end $$;

create trigger followed after delete or update of state, kind, locale, country, languages on members
  for each row execute function person_changed('id');
create trigger followed after insert or delete or update on roles
  for each row execute function person_changed('member');
create trigger followed after delete or update on sessions
  for each row execute function person_changed('member');
"""

FOLLOWED = (_NUMBERED, _CARDS, _OTHERS)
"""The functions and triggers, in the order in which they are made."""


def _follow(_metadata: MetaData, connection: Connection, tables: Any = None, **_more: object) -> None:
    if card_turns in (tables or ()):
        for words in FOLLOWED:
            connection.exec_driver_sql(words)


event.listen(metadata, "after_create", _follow)
