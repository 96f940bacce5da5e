"""What a link says, from the first word to the last: one closed shape a step (see bodies.py)."""

from __future__ import annotations

from typing import TypeAlias

from hub.federation.core.canonical import Json
from hub.federation.core.shapes import Document, Hex32, Hex64, Id, Short


class Propose(Document, frozen=True, tag_field="step", tag="propose"):
    """The invited hub introduces itself; `proof` shows that it holds the invitation (see proposal.py)."""

    card: Json
    invitation: Id
    nonce: Id
    proof: Hex32


class Welcome(Document, frozen=True, tag_field="step", tag="welcome"):
    """The inviting hub answers with its own card."""

    card: Json


class Compared(Document, frozen=True, tag_field="step", tag="compared"):
    """An administrator compared the safety words aloud; `about` names which keys the words stood for."""

    about: Hex32


class Agree(Document, frozen=True, tag_field="step", tag="agree"):
    """An agreement with the sender's signature: the first proposes, the same one back concludes."""

    agreement: Json
    signature: Hex64


class Sever(Document, frozen=True, tag_field="step", tag="sever"):
    """The link ends for good: purge what was shared, and confirm it with a receipt."""

    reason: Short = ""


LinkStep: TypeAlias = Propose | Welcome | Compared | Agree | Sever
