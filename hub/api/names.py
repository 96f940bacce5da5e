"""Stable names for what went wrong."""

from __future__ import annotations

import re

from directory.refusals import Refusal


def code_of(refusal: Refusal) -> str:
    """NotYours → NOT_YOURS."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(refusal).__name__).upper()
