"""The way past the hub: client and upstream both speak this dialect, and only what must be known is read."""

from typing import Any

import msgspec

from counterpoint.canonical import Failure, FinishReason, Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Reading
from counterpoint.dialects.bedrock_converse.errors import encode_stream_error, exception_of, failure_in
from counterpoint.dialects.bedrock_converse.finishing import decode_finish
from counterpoint.dialects.bedrock_converse.responses import read_answer
from counterpoint.dialects.bedrock_converse.streams import broken
from counterpoint.dialects.bedrock_converse.usage import decode_usage
from counterpoint.dialects.jsonio import parse
from counterpoint.dialects.relaying import StreamRelay
from counterpoint.wire.eventstream import BrokenFrame, MessageCutter, message_of


class _Answer(msgspec.Struct):
    """What a relay reads of a whole answer; `output` only has to be there."""

    output: msgspec.Raw
    stopReason: Any = None  # noqa: N815 - the API's own spelling
    usage: Any = None


_answer = msgspec.json.Decoder(_Answer).decode


def read(body: bytes) -> Reading:
    """What a whole relayed answer says of itself. Raises `Refused` if it is none."""
    try:
        answer = _answer(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = read_answer(body)
        answer = _Answer(msgspec.Raw(b""), value.get("stopReason"), value.get("usage"))
    return Reading(decode_usage(answer.usage), _finish(answer.stopReason))


def _finish(reason: Any) -> FinishReason | None:
    finish = decode_finish(reason if type(reason) is str else None)
    return None if finish is None else finish.reason


_QUIET = b"\x0b:event-type\x07\x00\x11contentBlock"
"""How the headers of nearly every message begin; what is in it does not matter to a relay."""
_HEAD = 12


class ConverseRelay(StreamRelay):
    """Passes a stream on, whole messages at a time, and reads its last.

    A message that has begun but not ended is kept back until it has: should the upstream break off in the middle of
    one, the client gets a proper exception and never half of something.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cutter = MessageCutter()
        self._usage: Usage = UNREPORTED
        self._finish: FinishReason | None = None
        self._stopped = False

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self.failure is not None:
            return b""
        messages = self._cutter.feed(data)
        for raw in messages:
            if raw.startswith(_QUIET, _HEAD):
                self.begun = True
            else:
                self._look(raw)
        out = messages[0] if len(messages) == 1 else b"".join(messages)
        return out + self._damage() if self._cutter.broken else out

    def _damage(self) -> bytes:
        """What is said of bytes that are no message."""
        if self.failure is not None or (self._is_plain() and not self.begun):
            return b""
        self.failure = broken("dialects.upstream.garbage")
        return self._error()

    def _is_plain(self) -> bool:
        """Whether a host seems to answer with JSON after all."""
        return self._cutter.rest.lstrip().startswith(b"{")

    def close(self) -> bytes:
        """What was kept back; an exception if the stream ended too early."""
        rest = self._cutter.close()
        if self.failure is not None:
            return b""
        if self._stopped and not rest:
            return b""
        self.failure = (None if self.begun else failure_in(rest)) or broken("dialects.upstream.cut")
        return self._error()

    def _told(self, failure: Failure) -> bytes:
        return encode_stream_error(failure, "")

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        return Reading(self._usage, self._finish)

    def _look(self, raw: bytes) -> None:
        try:
            message = message_of(raw)
            failure = exception_of(message)
            value = parse(message.payload) if failure is None else None
        except (BrokenFrame, ValueError):
            return  # not ours to mend: the client reads it as the upstream wrote it
        if failure is not None:
            self.failure = failure
            return
        kind = message.text(":event-type")
        if type(value) is not dict or kind not in {"messageStop", "metadata"}:
            self.begun = self.begun or kind.startswith("contentBlock")
        elif kind == "messageStop":
            self._finish, self._stopped = _finish(value.get("stopReason")), True
            self.begun = True
        else:
            self._usage, self.complete = decode_usage(value.get("usage")), self._stopped
