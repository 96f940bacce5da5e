"""Documents that only an attacker writes: every kind of graphql-cop and of the Damn Vulnerable GraphQL
Application that a text can be, each in many sizes. Each is to be refused, and cheaply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

QUESTION = "question: {}"
HARMLESS = "{ viewer { locale network { name } } networks { id name } }"


@dataclass(frozen=True)
class Hostile:
    """One request: a name for the report, the body as it is sent, and how."""

    kind: str
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


def _query(kind: str, text: str, **more: Any) -> Hostile:
    return Hostile(kind, {"query": text, **more})


def _nested(depth: int) -> str:
    return "{ networks " + "{ bots { network " * depth + "{ id }" + " } }" * depth + " }"


def _bombs() -> Iterator[Hostile]:
    """Much work for few bytes."""
    for depth in range(3, 63):
        yield _query("deep recursion", _nested(depth))
    for depth in (100, 400, 1_000, 3_000):
        yield _query("brackets", "{ a " * depth + "}" * depth)
        yield _query(
            "list literals",
            "{ findAllies(question: {issues: " + "[" * depth + "]" * depth + "}) { advice } }",
        )
        yield _query(
            "object literals",
            "{ findAllies(question: " + "{a:" * depth + "1" + "}" * depth + ") { advice } }",
        )
    for count in (16, 17, 20, 40, 80, 100, 200, 400, 1_000, 3_000):
        yield _query(
            "alias overload", "{ " + " ".join(f"a{n}: viewer {{ locale }}" for n in range(count)) + " }"
        )
        yield _query(
            "alias of fields", "{ viewer { " + " ".join(f"a{n}: locale" for n in range(count)) + " } }"
        )
        yield _query("field duplication", "{ " + "viewer { locale } " * count + "}")
        yield _query("leaf duplication", "{ viewer { " + "locale " * count + "} }")
        yield _query("typename overload", "{ " + "__typename " * count + "}")
        yield _query("directive overload", "{ viewer { locale " + "@include(if: true) " * count + "} }")
        yield _query("unknown directives", "{ viewer { locale " + "@aa " * count + "} }")
        yield _query("skip overload", "{ viewer " + "@skip(if: false) " * count + "{ locale } }")
        yield _query(
            "search by alias",
            "{ " + " ".join(f"a{n}: findAllies({QUESTION}) {{ advice }}" for n in range(count)) + " }",
        )
    for page in (9, 12, 20, 50, 10_000, 2**31 - 1):
        yield _query(
            "wide lists",
            f"{{ findAllies({QUESTION}, first: {page}) {{ edges {{ node {{ "
            + " ".join(f"a{n}: issues {{ key name within marked }}" for n in range(14))
            + " regions { key name within marked } offers { key name within marked } } } } }",
        )


def _fragments() -> Iterator[Hostile]:
    """Fragments that spread each other."""
    for size in range(1, 31):
        ring = [f"fragment f{n} on Viewer {{ ...f{(n + 1) % size} }}" for n in range(size)]
        yield _query("circular fragments", "{ viewer { ...f0 } } " + " ".join(ring))
    for size in range(11, 41):
        fan = [f"fragment f{n} on Viewer {{ ...f{n + 1} ...f{n + 1} }}" for n in range(size)]
        yield _query(
            "doubling fragments",
            "{ viewer { ...f0 } } " + " ".join(fan) + f" fragment f{size} on Viewer {{ locale }}",
        )
    for size in (11, 21, 40, 80):
        many = [f"fragment f{n} on Viewer {{ locale }}" for n in range(size)]
        yield _query(
            "many fragments",
            "{ viewer { " + " ".join(f"...f{n}" for n in range(size)) + " } } " + " ".join(many),
        )
        yield _query("many spreads", "{ viewer { " + "...f " * size + "} } fragment f on Viewer { locale }")
    yield _query(
        "nested circular fragments",
        "{ viewer { ...a } } fragment a on Viewer { network { ...b } } "
        "fragment b on Network { bots { network { ...b } } }",
    )
    yield _query(
        "unused circular fragments",
        "{ viewer { locale } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }",
    )


def _words() -> Iterator[Hostile]:
    """Texts that are long, broken or not what they say."""
    for size in (9_000, 20_000, 60_000):
        yield _query("long comment", "{ viewer { locale } } #" + "x" * size * 2)
        yield _query(
            "long string", '{ findAllies(question: {issues: ["' + "x" * size * 2 + '"]}) { advice } }'
        )
        yield _query(
            "block string", '{ findAllies(question: {issues: ["""' + "\n " * size + '"""]}) { advice } }'
        )
        yield _query("white space", "{" + " " * size * 2 + "viewer { locale } }")
    for text in (
        "",
        " ",
        "{",
        "}",
        "{}",
        "query",
        "{ viewer }",
        "{ viewer { } }",
        "viewer",
        "# only",
        "{ ... }",
        "{ viewer { locale }",
        '{ a(b: "',
        '{ a(b: "\\u',
        "\x00",
        "{ viewer \x00 { locale } }",
        "￾{a}",
        "{ a(b: 99999999999999999999999999999999999999) }",
        "{ viewer { locale } } }",
        "...",
        "null",
        "{ é }",
        "{ viewer(x: $y) { locale } }",
        "query ($a: Nope) { viewer { locale } }",
        "\ud800",
        "{ a: : b }",
    ):
        yield _query("broken text", text)
    for text in (
        'mutation { setWord(input: {word: "x"}) { errors { code } } }',
        "mutation M { raiseAlarm(input: {}) { errors { code } } }",
        "subscription { alarmChanged { id } }",
        "query A { viewer { locale } } query B { viewer { locale } }",
        "query A { viewer { locale } } mutation B { goOffDuty { errors { code } } }",
        "type Query { a: Int }",
        "extend type Query { a: Int }",
        "schema { query: Query }",
        "fragment a on Viewer { locale }",
        "{ viewer { locale } } type Foo { a: Int }",
        "{ viewer { locale } } directive @x on FIELD",
    ):
        yield _query("not a query", text)
    for count in (21, 50, 100, 200):
        wants = ", ".join(f"$a{n}: Int" for n in range(count))
        yield _query("many variables", f"query ({wants}) {{ viewer {{ locale }} }}")
    for depth in (11, 50, 300, 900):
        deep: Any = 1
        for _ in range(depth):
            deep = {"a": [deep]} if depth < 300 else [deep]
        yield _query("nested variables", HARMLESS, variables={"x": deep})
    for count in (1_001, 5_000, 20_000):
        yield _query("wide variables", HARMLESS, variables={"x": list(range(count))})


def _guesses() -> Iterator[Hostile]:
    """Asking for the schema, or guessing at it."""
    for text in (
        "{ __schema { types { name } } }",
        '{ __type(name: "Member") { fields { name } } }',
        "{ viewer { locale } __schema { queryType { name } } }",
        "query { ...s } fragment s on Query { __schema { types { name } } }",
        "{ a: __schema { directives { name } } }",
        "{ __schema { types { fields { type { ofType { name } } } } } }",
    ):
        yield _query("introspection", text)
    words = [
        "user",
        "users",
        "member",
        "person",
        "password",
        "token",
        "secret",
        "me",
        "viewr",
        "netwrok",
        "hndle",
        "handel",
        "loclae",
        "localee",
        "account",
        "card",
        "cards",
        "alarm",
        "alarmm",
        "email",
        "phone",
        "city",
        "admin",
        "system",
        "systemUpdate",
        "systemDiagnostics",
        "pastes",
        "readAndBurn",
        "search",
        "importPaste",
        "uploadPaste",
        "audits",
        "deleteAllPastes",
        "node",
        "nodes",
        "query",
        "flag",
        "hello",
        "test",
        "debug",
        "config",
    ]
    for word in words:
        yield _query("guess at the root", f"{{ {word}x }}")
        yield _query("guess below", f"{{ viewer {{ {word}x }} }}")
        yield _query("guess an argument", f"{{ networks({word}: 1) {{ id }} }}")
    for text in (
        "{ viewer { handle { x } } }",
        "{ networks { home { id } } }",
        "{ viewer { roles { name } } }",
        "{ networks }",
        "{ findAllies { advice } }",
        "{ findAllies(question: 3) { advice } }",
        "{ findAllies(question: {issues: {a: 1}}) { advice } }",
        "{ findAllies(question: {isues: []}) { advice } }",
        '{ findAllies(question: {}, first: "x") { advice } }',
        "{ findAllies(question: {}, fist: 1) { advice } }",
        "{ viewer { ... on Nope { id } } }",
        "{ viewer { ... on Alarm { id } } }",
    ):
        yield _query("wrong types", text)
    for word in ("__proto__", "constructor", "toString", "__class__", "__init__", "__dict__", "__globals__"):
        yield _query("names of the language", f"{{ viewer {{ {word} }} }}")
        yield _query("names of the language", f"{{ {word} }}")


def _requests() -> Iterator[Hostile]:
    """What is wrong with the request rather than the text: batches, forms, other methods."""
    ask = {"query": HARMLESS}
    for count in (2, 10, 100, 1_000):
        yield Hostile("array batching", [ask] * count)
    yield Hostile("array batching", [])
    for kind in (
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
        "application/graphql",
        "application/xml",
        "",
        "application/jsonp",
        "text/json",
    ):
        yield Hostile("other content type", ask, {"Content-Type": kind})
    for method in ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        yield Hostile("other method", ask, method=method)
    yield Hostile("no client header", ask, {"Ayni-Client": ""})
    yield Hostile("from another site", ask, {"Sec-Fetch-Site": "cross-site"})
    for body in (
        b"",
        b"{",
        b"null",
        b"7",
        b'"x"',
        b"\xff",
        b'{"query": 7}',
        b'{"query": {}}',
        b'{"query": null}',
        b'{"query": ["x"]}',
        b'{"variables": 3}',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b'{"query": "{a}", "variables": []}',
    ):
        yield Hostile("broken JSON", body)
    yield Hostile("both", {"query": HARMLESS, "documentId": "sha256:" + "0" * 64})
    yield Hostile("unknown document", {"documentId": "sha256:" + "0" * 64})
    yield Hostile(
        "persisted elsewhere", {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
    )
    yield Hostile("too big", {"query": HARMLESS, "variables": {"x": "y" * 70_000}})
    yield Hostile("compressed", ask, {"Content-Encoding": "gzip"})
    for text in (
        "1' OR '1'='1",
        "'; drop table members;--",
        "$(id)",
        "../../etc/passwd",
        "{{7*7}}",
        "<script>alert(1)</script>",
    ):
        yield Hostile("injection as an id", {"documentId": text})


def _noise(amount: int) -> Iterator[Hostile]:
    """Pieces of the language put together by chance; the same every time."""
    chance = Random(7)
    pieces = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "$a",
        "...",
        "@x",
        "on",
        "viewer",
        "locale",
        "fragment",
        "query",
        '"s"',
        "1",
        "|",
        "&",
        "!",
        "=",
        "#c\n",
        '"""b"""',
        "\\",
        "\u2028",
        "null",
        "true",
        "1e999",
    ]
    for _ in range(amount):
        text = " ".join(chance.choice(pieces) for _ in range(chance.randint(3, 400)))
        yield _query("noise", "} " + text)


def corpus() -> list[Hostile]:
    """All of them."""
    return [*_bombs(), *_fragments(), *_words(), *_guesses(), *_requests(), *_noise(120)]
