"""Canonical JSON: one value, one sequence of bytes; everything else is refused by name."""

from __future__ import annotations

import json
import unicodedata

import pytest
from federation_builders import unhurried
from hypothesis import given
from hypothesis import strategies as st

from hub.federation.core.canonical import MAX_INTEGER, Flaw, NotWritable, encode, parse, tidy

TEXTS = st.text(max_size=40).map(tidy)
NUMBERS = st.integers(-MAX_INTEGER, MAX_INTEGER)
KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=10)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@unhurried
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_what_is_written_is_read_back(value: dict[str, object]) -> None:
    try:
        raw = encode(value)
    except NotWritable as deep:
        assert str(deep) == Flaw.TOO_DEEP
        return
    assert parse(raw) == value
    assert encode(json.loads(raw)) == raw


@unhurried
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_another_writer_with_the_published_rules_writes_the_same_bytes(value: dict[str, object]) -> None:
    try:
        raw = encode(value)
    except NotWritable:
        return
    assert raw == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("raw", "flaw"),
    [
        (b'{"a":1,"a":1}', Flaw.OTHER_BYTES),
        (b'{"b":1,"a":1}', Flaw.OTHER_BYTES),
        (b'{"a": 1}', Flaw.OTHER_BYTES),
        (b'{"a":1}\n', Flaw.ODD_CHARACTER),
        (b'{"a":1} ', Flaw.OTHER_BYTES),
        (b'{"a":-0}', Flaw.OTHER_BYTES),
        (b'{"a":1.0}', Flaw.NOT_AN_INTEGER),
        (b'{"a":1e2}', Flaw.NOT_AN_INTEGER),
        (b'{"a":9007199254740992}', Flaw.NOT_AN_INTEGER),
        (b'{"a":-9007199254740992}', Flaw.NOT_AN_INTEGER),
        (b'{"a":123456789012345678901234567890}', Flaw.NOT_AN_INTEGER),
        (b'{"a":1e999}', Flaw.NOT_JSON),
        (b'{"a":NaN}', Flaw.NOT_JSON),
        (b'{"a":Infinity}', Flaw.NOT_JSON),
        ('{"é":1}'.encode(), Flaw.ODD_KEY),
        (b'{"a":"\\u0041"}', Flaw.ODD_CHARACTER),
        (b'{"a":"\\/"}', Flaw.ODD_CHARACTER),
        (b'{"a":"\\u0000"}', Flaw.ODD_CHARACTER),
        (b'{"a":"\\t"}', Flaw.ODD_CHARACTER),
        (b'{"a":"\x00"}', Flaw.ODD_CHARACTER),
        (b'{"a":"\x7f"}', Flaw.ODD_CHARACTER),
        ('{"a":"\u202e"}'.encode(), Flaw.ODD_CHARACTER),
        ('{"a":"\u2067"}'.encode(), Flaw.ODD_CHARACTER),
        ('{"a":"\ufeff"}'.encode(), Flaw.ODD_CHARACTER),
        (b'\xef\xbb\xbf{"a":1}', Flaw.ODD_CHARACTER),
        (b'{"a":"\\ud800"}', Flaw.ODD_CHARACTER),
        (b'{"a":"\xed\xa0\x80"}', Flaw.NOT_UTF8),
        (b'{"a":"\xff"}', Flaw.NOT_UTF8),
        ('{"a":"e\u0301"}'.encode(), Flaw.NOT_NFC),
        (b"[1]", Flaw.NOT_AN_OBJECT),
        (b'"a"', Flaw.NOT_AN_OBJECT),
        (b"", Flaw.NOT_JSON),
        (b'{"a":1', Flaw.NOT_JSON),
        (b'{"a":1}{}', Flaw.NOT_JSON),
        (b'{"a":' + b"[" * 10 + b"]" * 10 + b"}", Flaw.TOO_DEEP),
        (b'{"a":' + b"[" * 20_000, Flaw.TOO_DEEP),
        (b'{"a":"' + b"x" * (40 << 10) + b'"}', Flaw.TOO_LONG),
    ],
)
def test_what_is_not_canonical_is_refused_by_name(raw: bytes, flaw: Flaw) -> None:
    assert parse(raw) is flaw


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"b":1}',
        b'{"a":9007199254740991}',
        b'{"a":-1}',
        '{"a":"é ñ ع \u200d 中 😀"}'.encode(),
        b'{"a":"\\"\\\\\\n"}',
        b'{"a":"\\\\u0000"}',
        b'{"a":' + b"[" * 9 + b"]" * 9 + b"}",
        b"{}",
    ],
)
def test_the_neighbours_of_what_is_refused_are_read(raw: bytes) -> None:
    assert isinstance(parse(raw), dict)


@unhurried
@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer_and_never_an_error(raw: bytes) -> None:
    parsed = parse(raw)
    assert isinstance(parsed, Flaw) or encode(parsed) == raw


@pytest.mark.parametrize(
    "value", [{"a": 0.5}, {"a": 1 << 53}, {"é": 1}, {"a": "\u202e"}, {"a": "\ud800"}, {1: 2}, {"a": b"x"}]
)
def test_nothing_is_written_that_would_not_be_read(value: dict[str, object]) -> None:
    with pytest.raises(NotWritable):
        encode(value)


@unhurried
@given(st.text(max_size=60))
def test_a_tidied_text_can_always_be_written(text: str) -> None:
    clean = tidy(text)
    assert parse(encode({"a": clean})) == {"a": clean}
    assert unicodedata.is_normalized("NFC", clean)


def test_tidying_keeps_what_a_person_wrote() -> None:
    assert tidy("Línea uno\r\nlinea\tdos\u202e") == "Línea uno\nlinea dos"
    assert tidy("می‌خواهم") == "می‌خواهم"
