"""pg_dump and pg_restore: the database's own programs, as a stream of bytes out and in.

The password goes in the program's environment, never in its arguments, which others on the machine can read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator

from psycopg.conninfo import conninfo_to_dict

from hub.embedded.child import PLAIN_ENVIRONMENT
from hub.embedded.postgres_binaries import installs
from hub.trouble import Trouble

CHUNK = 1 << 16
ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
}


class NoProgram(Trouble):
    """{program} is not on this machine. Install PostgreSQL's client programs of the same version as your
    database. Nothing was changed."""

    needs_person = True


class DatabaseRefused(Trouble):
    """The database could not be {done}: {program} ended with {code}. What was there before is untouched. See
    that the hub runs, and that your PostgreSQL programs are not older than the database."""

    needs_person = True


def dump(url: str) -> Iterator[bytes]:
    """The whole database, at one moment. Raises NoProgram, DatabaseRefused."""
    argv = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--compress=6"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_where(url)) as run:
        assert run.stdout is not None
        try:
            while piece := run.stdout.read(CHUNK):
                yield piece
        finally:
            run.stdout.close()
            code = run.wait()
    if code:
        raise DatabaseRefused(done="copied", program="pg_dump", code=code)


def restore(url: str, pieces: Iterable[bytes]) -> None:
    """Fill an empty database, all or nothing. Raises NoProgram, DatabaseRefused."""
    argv = [
        _program("pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
    ]
    argv += ["--dbname", str(conninfo_to_dict(url).get("dbname") or "")]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_where(url)) as run:
        assert run.stdin is not None
        try:
            for piece in pieces:
                run.stdin.write(piece)
            run.stdin.close()
        except BrokenPipeError:
            pass  # it ended: its code says so below
        except BaseException:
            run.kill()
            raise
        code = run.wait()
    if code:
        raise DatabaseRefused(done="filled", program="pg_restore", code=code)


def _program(name: str) -> str:
    ours = [install.program(name) for install in installs()]
    found = next((path for path in ours if os.access(path, os.X_OK)), None) or shutil.which(name)
    if found is None:
        raise NoProgram(program=name)
    return found


def _where(url: str) -> dict[str, str]:
    given = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    return {
        **PLAIN_ENVIRONMENT,
        **{ENVIRONMENT[key]: given[key] for key in ENVIRONMENT.keys() & given.keys()},
    }
