"""A voice note: a recording, encrypted by itself, uploaded, and named in a message (client-server spec,
"Sending encrypted attachments"; MSC3245 for what makes it a voice message).

The homeserver keeps bytes nobody can read without the key, which travels inside the encrypted message.
"""

from __future__ import annotations

from typing import Any

from nio.crypto.attachments import encrypt_attachment

from hub.matrix.wire import Wire

KIND = "audio/ogg"


async def voice_note(wire: Wire, audio: bytes, milliseconds: int, about: str) -> dict[str, Any]:
    """The content of a message that carries `audio`; `about` is what apps show where they play nothing.

    Raises RetryLater, Refused or Unreachable.
    """
    sealed, key = encrypt_attachment(audio)
    address = await wire.upload(sealed)
    return {
        "msgtype": "m.audio",
        "body": about,
        "info": {"mimetype": KIND, "size": len(audio), "duration": milliseconds},
        "file": {**key, "url": address, "mimetype": KIND},
        "m.mentions": {},
        "org.matrix.msc1767.audio": {"duration": milliseconds},
        "org.matrix.msc3245.voice": {},
    }
