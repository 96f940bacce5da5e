"""Every code an answer of the API can carry, with what to do about it. For programmers: English.

The sentence a person reads is in `message`, in their language; `code` and `fix` stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from hub.api.bodies import JSON_LIMIT
from hub.api.open_queries.limits import LIMITS

CLIENT_HEADER = "Ayni-Client"

FIXES: Mapping[str, str] = {
    "NOT_POST": "Send a POST request.",
    "NOT_JSON": "Set Content-Type to application/json.",
    "NO_CLIENT_HEADER": f"Add a header {CLIENT_HEADER} with the name of your program.",
    "OTHER_SITE": "Ask from a program or from this hub's own pages, not from another site.",
    "BAD_JSON": 'Send one JSON object: {"documentId": "sha256:…", "variables": {…}}.',
    "TOO_NESTED": f"Nest variables at most {LIMITS.variable_depth} deep, with {LIMITS.values} values in all.",
    "ONE_OF": "Send either a documentId or a query text, not both.",
    "OPEN_QUERIES_OFF": "Send the documentId of a trusted document, not a query text.",
    "TOO_BIG": f"Keep the body under {JSON_LIMIT} bytes.",
    "TOO_SLOW": "Ask for less, or try again later.",
    "COMPRESSED_BODY": "Send the body without Content-Encoding.",
    "SIGN_IN": "Send a token in the Authorization header, or sign in on the pages first.",
    "NOT_IN_SCOPE": "Ask an administrator for a token that names this operation.",
    "UNKNOWN_DOCUMENT": "Use an id from graphql/trusted.json of this hub's version.",
    "DOCUMENT_ENDED": "This document is too old. Use the id that graphql/trusted.json now has for its name.",
    "WATCH_IT": "This document is a subscription: run it over a WebSocket at the same address.",
    "TOO_MANY_REQUESTS": "Wait as many seconds as the header Retry-After says.",
    "BAD_INPUT": "Send variables of the types that the document declares.",
    "NOT_YOURS": "Ask for something this viewer may see; what is hidden and what is not there look the same.",
    "NEEDS_WORD": "The member gives their word on the page first; it is good for five minutes.",
    "BAD_ANSWER": "Read the message; it says which value was wrong.",
    "BUSY": "Try again in a few seconds, one request after the other.",
    "BEING_OPENED": "The hub waits for its keys. Try again in a while.",
    "BROKEN": "Try again; tell the administrator the requestId if it stays so.",
    "NOT_GRAPHQL": "Correct the query text at the place that the message names.",
    "NOT_VALID": "Correct the query so that it fits the schema.",
    "ONLY_QUERIES": "Changes are made with trusted documents. Send exactly one query.",
    "TOO_LONG": f"Keep the query text under {LIMITS.bytes} bytes and {LIMITS.tokens} tokens.",
    "TOO_DEEP": f"Nest fields at most {LIMITS.depth} deep.",
    "TOO_MANY_ALIASES": f"Use at most {LIMITS.aliases} aliases.",
    "TOO_MANY_DIRECTIVES": f"Use at most {LIMITS.directives} directives.",
    "TOO_MANY_FRAGMENTS": f"Use at most {LIMITS.fragments} fragments, {LIMITS.spreads} spreads, no circle.",
    "TOO_MANY_FIELDS": f"Name at most {LIMITS.fields} fields, each at most {LIMITS.repeats} times a place.",
    "TOO_MANY_VARIABLES": f"Declare at most {LIMITS.variables} variables.",
    "TOO_COSTLY": f"Ask for less: smaller pages, fewer lists in lists. At most {LIMITS.cost} points.",
    "TOO_BIG_ANSWER": f"Ask for less: the answer may have {LIMITS.answer} bytes.",
    "NO_INTROSPECTION": "Ask for a token with the scope introspect, or read graphql/schema.graphql.",
}


def fix_of(code: str) -> str | None:
    """What to do about it, where the table knows."""
    return FIXES.get(code)
