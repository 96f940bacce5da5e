"""Sets up the two strict clients that the tests talk with: matrix-js-sdk (npm) and mautrix (Python).

Run by `make proof`; does nothing when both are there as locked. Needs npm, and a C compiler
with cmake for libolm where there is no wheel.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
JS = HERE / "js-client"
PY = HERE / "py-client"
OLDEST_NODE = 22


def node() -> Path:
    """A Node that is new enough: the locked one from npm."""
    return JS / "node_modules" / "node" / "bin" / "node"


def python() -> Path:
    """The Python of the second client's own environment: libolm has no place in ours."""
    return PY / ".venv" / "bin" / "python"


def script(kind: str) -> str:
    """The program of a client."""
    return str(JS / "client.mjs" if kind == "js" else PY / "client.py")


def _mark(locks: tuple[Path, ...], folder: Path) -> bool:
    """Was this folder made from these very locks?"""
    mark = folder / ".locked"
    return mark.exists() and mark.read_text() == _digest(locks)


def _digest(locks: tuple[Path, ...]) -> str:
    return hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()


def set_up_js() -> None:
    """`npm ci`: exactly what package-lock.json names."""
    locks = (JS / "package.json", JS / "package-lock.json")
    if _mark(locks, JS / "node_modules"):
        return
    print("  installing a strict client for the tests (matrix-js-sdk) …", flush=True)
    npm = ["npm", "--silent", "--no-audit", "--no-fund"]
    subprocess.run([*npm, "ci"], cwd=JS, check=True)
    if not node().exists():  # a newer npm runs no install script, and this one fetches Node itself
        subprocess.run([*npm, "rebuild", "node"], cwd=JS, check=True)
    (JS / "node_modules" / ".locked").write_text(_digest(locks))


def set_up_py() -> None:
    """An environment of its own, from hashes."""
    locks = (PY / "requirements.txt",)
    if _mark(locks, PY / ".venv"):
        return
    print("  installing a second strict client for the tests (mautrix) …", flush=True)
    env = {**os.environ, "CMAKE_POLICY_VERSION_MINIMUM": "3.5"}
    subprocess.run([sys.executable, "-m", "venv", "--clear", PY / ".venv"], check=True)
    install = ["uv", "pip", "install", "--quiet", "--python", str(python())]
    if shutil.which("uv") is None:
        install = [str(python()), "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--require-hashes", "-r", str(PY / "requirements.txt")], env=env, check=True)
    (PY / ".venv" / ".locked").write_text(_digest(locks))


def main() -> int:
    """Set up both; a sentence when npm is missing."""
    if shutil.which("npm") is None:
        print(
            "npm is missing, and the tests talk with a real client. Install nodejs with npm, then run again."
        )
        return 1
    set_up_js()
    set_up_py()
    return 0


if __name__ == "__main__":
    sys.exit(main())
