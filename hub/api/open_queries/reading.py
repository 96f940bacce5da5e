"""From text to a document: length, tokens and brackets are counted before anything is parsed."""

from __future__ import annotations

from graphql import DocumentNode, GraphQLSyntaxError, Lexer, Source, TokenKind, parse

from hub.api.open_queries.limits import LIMITS, Limits, Refused

_OPENS = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
_CLOSES = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})


def read(text: str, limits: Limits = LIMITS) -> DocumentNode:
    """The parsed document. Raises Refused: TOO_LONG, TOO_DEEP or NOT_GRAPHQL."""
    if len(text.encode("utf-8", "surrogatepass")) > limits.bytes:
        raise Refused("TOO_LONG")
    try:
        _scan(text, limits)
        return parse(text, max_tokens=limits.tokens)
    except GraphQLSyntaxError as wrong:
        raise Refused("NOT_GRAPHQL", wrong.message) from None


def _scan(text: str, limits: Limits) -> None:
    """The parser calls itself for each bracket: brackets are counted first, without calling anything."""
    lexer, tokens, nesting = Lexer(Source(text)), 0, 0
    while (kind := lexer.advance().kind) is not TokenKind.EOF:
        tokens += 1
        nesting += (kind in _OPENS) - (kind in _CLOSES)
        if tokens > limits.tokens:
            raise Refused("TOO_LONG")
        if nesting > limits.nesting:
            raise Refused("TOO_DEEP")


def shape(variables: object, limits: Limits = LIMITS) -> bool:
    """Are these values few enough and not nested too deeply? Counted without recursion."""
    left, seen = [(variables, 0)], 0
    while left:
        value, depth = left.pop()
        seen += 1
        if depth > limits.variable_depth or seen > limits.values:
            return False
        if isinstance(value, dict):
            left.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            left.extend((each, depth + 1) for each in value)
    return True
