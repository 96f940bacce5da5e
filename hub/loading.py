"""Loading a program: modules are no garbage, and looking through them for some costs a fifth of a start."""

from __future__ import annotations

import gc


def loading() -> None:
    """Call first: until `settled`, nothing is searched for garbage."""
    gc.disable()


def settled() -> None:
    """Call when everything is loaded: from now on garbage is collected, and what is here never looked at
    again. That shortens every later pause as well."""
    gc.freeze()
    gc.enable()
