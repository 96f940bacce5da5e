"""What one reads at a time stays small: a function fits on a screen, a module is read in one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parents[2]
FUNCTION, MODULE = 40, 400


def modules() -> Iterator[tuple[Path, str]]:
    """Migrations are written by a program and read by one."""
    for part in ("directory", "bots", "hub"):
        for path in sorted(set((HERE / part).rglob("*.py")) - set((HERE / "hub/migrations").rglob("*.py"))):
            yield path.relative_to(HERE), path.read_text(encoding="utf-8")


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and all within it. Functions stand nowhere else, and expressions are most of a tree."""
    yield node
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        inside = getattr(node, part, None)
        for each in inside if isinstance(inside, list) else ():
            yield from statements(each)


def too_long(source: str) -> list[tuple[str, int]]:
    """Functions over the limit, parameters included."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in statements(ast.parse(source)) if isinstance(node, kinds)]
    lengths = [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in found]
    return [one for one in lengths if one[1] > FUNCTION]


def test_no_function_is_longer_than_forty_lines() -> None:
    functions = {f"{path}: {name}": length for path, text in modules() for name, length in too_long(text)}
    assert functions == {}


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    assert {str(path): text.count("\n") for path, text in modules() if text.count("\n") > MODULE} == {}


def test_a_function_of_forty_one_lines_is_found_and_one_of_forty_is_not() -> None:
    body = "    x = 1\n"
    assert too_long("def f():\n" + body * 40) == [("f", 41)]
    assert too_long("def f():\n" + body * 39) == []
