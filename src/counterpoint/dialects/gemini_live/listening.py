"""One session overheard: which of its messages tell the model something, and which are what it says.

A second of sound is 25 tokens (ai.google.dev, Live API, "Token counts"): 16,000 samples of 16 bits as heard, 24,000 as
said; a picture is 258.
"""

from typing import Any

import msgspec

from counterpoint.canonical import Usage
from counterpoint.dialects.overhearing import Overheard, Rates, weighed

_RATES = Rates(32_000 / 25, 48_000 / 25, 258)


class _Said(msgspec.Struct, rename="camel"):
    server_content: Any = None
    tool_call: Any = None


_decode = msgspec.json.Decoder().decode
_decode_said = msgspec.json.Decoder(_Said).decode


class Listening:
    """Of one session."""

    def __init__(self) -> None:
        self._overheard = Overheard(_RATES)

    @property
    def usage(self) -> Usage:
        """About what the answer has used that is under way."""
        return self._overheard.usage

    def ended(self, usage: Usage) -> None:
        """An answer is whole."""
        self._overheard.ended(usage)

    def client(self, message: bytes) -> None:
        """One of the client's."""
        try:
            self._overheard.hears(weighed(_decode(message)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return

    def host(self, message: bytes) -> None:
        """One of the host's."""
        if message.find(b'"modelTurn"') < 0 and message.find(b'"toolCall"') < 0:
            return
        try:
            said = _decode_said(message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return
        content = said.server_content
        self._overheard.says(
            weighed([content.get("modelTurn") if isinstance(content, dict) else None, said.tool_call])
        )
