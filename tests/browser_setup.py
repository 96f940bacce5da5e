"""Finds a Chromium for the page tests, or installs one: the system's package first, Playwright's own else.

Prints the path. Run by `make test`; the tests themselves only look.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of a Chromium on this machine, if there is one."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for root in (Path.home() / ".cache" / "ms-playwright", Path("/ms-playwright")):
        found = sorted(root.glob("chromium-*/chrome-linux*/chrome"))
        if found:
            return str(found[-1])
    return None


def install() -> None:
    """Debian and Ubuntu as root: the package. Anywhere else: Playwright's download."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        done = subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode == 0 and find():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> int:
    """Find or install; 1 with a sentence when neither works."""
    if find() is None:
        print("  installing a browser for the page tests …", flush=True)
        install()
    path = find()
    if path is None:
        print("No Chromium could be installed. Install one (package chromium) and run the tests again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
