"""What tells `door` at once that something changed which somebody watches: NOTIFY, by triggers.

Triggers do it, because rows also change by cascades and from every process; the payload names a row and says
nothing of what is in it. It is a hint: who may see what is decided when it is read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, event

from directory.store.database import metadata

CHANNEL = "ayni_live"

TRIGGERS = """
create function live_steps() returns trigger language plpgsql as $$
begin
  perform pg_notify('ayni_live', 'alarm ' || action) from (select distinct action from new_rows) told;
  return null;
end $$;

create trigger live after insert on timeline
  referencing new table as new_rows for each statement execute function live_steps();

create function live_row() returns trigger language plpgsql as $$
begin
  perform pg_notify('ayni_live',
    tg_argv[0] || ' ' || (coalesce(to_jsonb(new), to_jsonb(old)) ->> tg_argv[1]));
  return null;
end $$;

create trigger live_new after insert or delete on links
  for each row execute function live_row('link', 'network');
create trigger live after update on links for each row
  when ((old.state, old.words_ok_here_at, old.words_ok_there_at, old.agreement_hash, old.signed_here,
         old.signed_there, old.ends_at)
    is distinct from (new.state, new.words_ok_here_at, new.words_ok_there_at, new.agreement_hash,
         new.signed_here, new.signed_there, new.ends_at)
    or coalesce(new.last_heard_at > old.last_heard_at + interval '30 seconds', new.last_heard_at is not null))
  execute function live_row('link', 'network');

create trigger live after update on sessions for each row
  when (old.ended_at is null and new.ended_at is not null)
  execute function live_row('member', 'member');
create trigger live_gone after delete on sessions for each row execute function live_row('member', 'member');
create trigger live after update on members for each row
  when (old.state is distinct from new.state) execute function live_row('member', 'id');
create trigger live_gone after delete on members for each row execute function live_row('member', 'id');
create trigger live after insert or update or delete on roles
  for each row execute function live_row('member', 'member');
create trigger live after update on tokens for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function live_row('token', 'id');
create trigger live_gone after delete on tokens for each row execute function live_row('token', 'id');
"""

_ON = frozenset({"timeline", "links", "sessions", "members", "roles", "tokens"})


def _watch(_metadata: MetaData, connection: Connection, tables: Any = None, **_more: object) -> None:
    if {table.name for table in tables or ()} >= _ON:
        connection.exec_driver_sql(TRIGGERS)


event.listen(metadata, "after_create", _watch)
