"""Make the folder PostgreSQL works in, once, so that a start killed half way leaves nothing in between."""

from __future__ import annotations

import shutil
from pathlib import Path

from hub.embedded.account import Account
from hub.embedded.child import Child, Log, Program
from hub.embedded.files import sync_folder, write_whole
from hub.embedded.leftovers import deserted
from hub.embedded.postgres_binaries import Install
from hub.embedded.sight import Sight

SUPERUSER = "postgres"


async def make_cluster(
    state: Path, install: Install, account: Account, sight: Sight, *, password: str, log: Log
) -> None:
    """Run initdb in state/unfinished and rename the result to state/cluster.

    Text sorts and folds by Unicode's own tables built into PostgreSQL (C.UTF-8), so that no upgrade of
    the system's locales can silently break an index. Raises ProgramEnded.
    """
    fresh, note = state / "unfinished", state / "superuser"
    if fresh.exists():
        await deserted(fresh, 10)  # an initdb killed with its parent: its last process may still write
        shutil.rmtree(fresh)
    write_whole(note, password, owner=account.owner)
    child = await Child.start(
        Program(
            name="postgres (first start)",
            argv=(install.program("initdb"), "--pgdata", str(fresh), "--pwfile", str(note), *_choices()),
            cwd=state,
            account=account,
            sight=sight,
        ),
        log,
    )
    try:
        if await child.ended() != 0:
            raise child.why_ended()
    finally:
        await child.stop(within=1)
        note.unlink(missing_ok=True)
    fresh.rename(state / "cluster")
    sync_folder(state)


def _choices() -> tuple[str, ...]:
    return (
        f"--username={SUPERUSER}",
        "--auth-local=scram-sha-256",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
    )
