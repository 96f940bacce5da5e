"""The file of names: small, light in memory, and what the build writes."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import directory.vocabulary
from directory.vocabulary.build import places, tongues
from directory.vocabulary.build.__main__ import _rows as rows
from directory.vocabulary.fold import fold
from directory.vocabulary.names import DamagedNames, Names, shipped

FILE = Path(directory.vocabulary.__file__).with_name("names.dat")
LIGHT = """
import dataclasses, difflib, enum, functools, hashlib, json, lzma, mmap, pathlib, re, struct, sys
import tomllib, typing, unicodedata
def resident(): return int(open("/proc/self/statm").read().split()[1]) * 4
before = resident()
from directory.vocabulary import load
words = load()
for locale in ("en", "fr", "es", "ar"):
    pairs = (words.regions, words.regions.countries()), (words.languages, words.languages.common())
    for tree, keys in pairs:
        for key in keys:
            assert tree.label(key, locale) and tree.resolve(tree.label(key, "en")) is not None
    for tree in (words.issues, words.offers):
        assert all(tree.label(key, locale) for key in tree.keys())
assert not {"babel", "pycountry", "directory.vocabulary.build"} & set(sys.modules)
print(resident() - before)
"""


def test_the_file_is_small():
    assert FILE.stat().st_size < 1_500_000


def test_four_languages_of_labels_take_little_memory_and_neither_babel_nor_pycountry():
    run = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 8 * 1024, "KiB; lookups in every locale map the whole index, 2 of them"


def test_the_committed_file_holds_the_trees_of_the_build():
    """The whole of it: tests/proof/test_vocabulary_built.py."""
    committed = shipped().contents()
    assert committed["regions/tree"] == rows(places.tree().items()).encode()
    assert committed["subdivisions/tree"] == rows(places.subdivisions().items()).encode()
    assert committed["languages/tree"] == rows(tongues.tree().items()).encode()
    assert committed["languages/common"] == "\n".join(tongues.common()).encode()


def test_a_file_of_another_kind_is_refused_in_words(tmp_path):
    (tmp_path / "names.dat").write_bytes(b"something else entirely, and long enough")
    with pytest.raises(DamagedNames):
        Names(tmp_path / "names.dat")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_no_text_breaks_a_lookup(text):
    words = directory.vocabulary.load()
    for tree in (words.regions, words.languages, words.issues, words.offers):
        assert all(tree.ancestors(key) for key in tree.resolve(text))
