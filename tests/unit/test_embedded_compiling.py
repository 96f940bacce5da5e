"""What is compiled for an account without rights can be read by it, or it compiles all at every start."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

from hub.embedded import compiling


def compile_closed(module: str, package: Path) -> None:
    """As hub/embedded/synapse.py does it: in a process that closes to others whatever it writes."""
    argv = [sys.executable, "-I", "-c", _SHOWN, compiling.__file__, module, str(package)]
    subprocess.run(argv, check=True, umask=0o077)


_SHOWN = (
    "import runpy, sys; sys.path.insert(0, sys.argv[3]); del sys.argv[0];"
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def test_a_first_compilation_and_one_that_lies_closed_become_as_readable_as_the_source(
    tmp_path: Path,
) -> None:
    source, secret = tmp_path / "open_one.py", tmp_path / "closed_one.py"
    source.write_text("import closed_one\n")
    secret.write_text("")
    source.chmod(0o644)
    secret.chmod(0o600)
    tmp_path.chmod(0o755)
    assert not compiling.readable(source)
    compile_closed("open_one", tmp_path)
    assert compiling.readable(source)
    assert not compiling.readable(secret), "what nobody else may read stays so"
    Path(cache_from_source(str(source))).chmod(0o600)
    assert not compiling.readable(source)
    compile_closed("open_one", tmp_path)
    assert compiling.readable(source)
    assert (tmp_path / "__pycache__").stat().st_mode & 0o005 == 0o005
