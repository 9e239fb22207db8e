"""The way past the hub: client and upstream both speak this dialect, and only what must be known is read."""

import re
from typing import Any

import msgspec

from counterpoint.canonical import Failure, FinishReason, Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.anthropic_messages.errors import encode_stream_error, failure_in, failure_of
from counterpoint.dialects.anthropic_messages.finishing import decode_finish
from counterpoint.dialects.anthropic_messages.generations import generation_of
from counterpoint.dialects.anthropic_messages.responses import read_answer
from counterpoint.dialects.anthropic_messages.streams import broken
from counterpoint.dialects.anthropic_messages.usage import decode_usage, merged
from counterpoint.dialects.base import Peek, Reading, Target
from counterpoint.dialects.jsonio import Fields, decode_object, encode, malformed, not_an_answer, parse
from counterpoint.dialects.relaying import StreamRelay
from counterpoint.dialects.splice import replace_text
from counterpoint.wire.sse import FrameTooLong, SseCutter, frame_of


class _Head(msgspec.Struct):
    model: str
    stream: bool | None = None


class _Answer(msgspec.Struct):
    """What a relay reads of a whole answer; `content` only has to be there."""

    content: msgspec.Raw
    id: Any = None
    model: Any = None
    stop_reason: Any = None
    usage: Any = None
    type: Any = None


_head = msgspec.json.Decoder(_Head).decode
_answer = msgspec.json.Decoder(_Answer).decode
_UNSIGNED = re.compile(rb'"signature"\s*:\s*""')


def peek(body: bytes) -> Peek:
    """Raises `Refused` when `body` is not a JSON object with a model name and a sensible `stream`."""
    try:
        head = _head(body)
    except msgspec.ValidationError as error:
        fields = Fields(decode_object(body))
        fields.needed("model", fields.text)
        fields.boolean("stream")
        raise malformed(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from error
    return Peek(head.model, head.stream is True)


def rewrite(body: bytes, peeked: Peek, target: Target) -> bytes:
    """`body` with the target's name for the model.

    Thinking that was never signed is another model's, shown to the client in this dialect: its maker would
    refuse the whole request for it, so it is taken out (unless the model is one that takes it).
    """
    # `rfind` looks through JSON faster than `in` and far faster than the pattern.
    if body.rfind(b'"signature"') >= 0 and _UNSIGNED.search(body) and generation_of(target).verifies:
        body = _without_unsigned(body)
    if peeked.model == target.model:
        return body
    return replace_text(body, "model", peeked.model, target.model)


def _without_unsigned(body: bytes) -> bytes:
    value = decode_object(body)
    messages = value.get("messages")
    if type(messages) is not list:
        return body
    kept = [_signed_only(message) for message in messages]
    changed = any(before is not after for before, after in zip(messages, kept, strict=True))
    if not changed:
        return body
    value["messages"] = [message for message in kept if message is not None]
    return encode(value)


def _signed_only(message: Any) -> Any:
    """`message` itself where all its thinking is signed; `None` where nothing else is in it."""
    content = message.get("content") if type(message) is dict else None
    if type(content) is not list:
        return message
    kept = [block for block in content if not _is_unsigned(block)]
    if len(kept) == len(content):
        return message
    return {**message, "content": kept} if kept else None


def _is_unsigned(block: Any) -> bool:
    return type(block) is dict and block.get("type") == "thinking" and not block.get("signature")


def read(body: bytes) -> Reading:
    """What a whole relayed answer says of itself. Raises `Refused` if it is none."""
    try:
        answer = _answer(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        answer = _Answer(msgspec.Raw(b""), **_fields(read_answer(body)))
    if answer.type == "error":
        read_answer(body)
    return Reading(
        decode_usage(answer.usage), _finish(answer.stop_reason), _text(answer.model), _text(answer.id)
    )


def _fields(answer: dict[str, Any]) -> dict[str, Any]:
    if "content" not in answer:
        raise not_an_answer("dialects.upstream.not_answer", reason="no content")
    return {name: answer.get(name) for name in ("id", "model", "stop_reason", "usage")}


def _text(value: Any) -> str | None:
    return value if type(value) is str else None


def _finish(reason: Any) -> FinishReason | None:
    finish = decode_finish(_text(reason), None)
    return None if finish is None else finish.reason


_QUIET = b"event: content_block_"
"""How nearly every event begins; what is in them does not matter to a relay."""


class MessagesRelay(StreamRelay):
    """Passes a stream on, whole events at a time, and reads its first and last.

    An event that has begun but not ended is kept back until it has: should the upstream break off in the
    middle of one, the client gets a proper error event and never half of something.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cutter = SseCutter()
        self._usage: dict[str, Any] = {}
        self._reading: Reading | None = Reading(UNREPORTED)
        self._finish: FinishReason | None = None
        self._model: str | None = None
        self._id: str | None = None

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self.failure is not None:
            return b""
        try:
            events = self._cutter.feed(data)
        except FrameTooLong:
            self.failure = broken("dialects.upstream.too_long")
            return self._error()
        for event in events:
            if event.startswith(_QUIET):
                self.begun = True
            elif not self.complete:  # what comes after the end is passed on, but says nothing of this answer
                self._look(event)
        return events[0] if len(events) == 1 else b"".join(events)

    def close(self) -> bytes:
        """What was kept back; an error event if the stream ended too early."""
        rest = self._cutter.close()
        if self.failure is not None:
            return b""
        if rest and not self.complete:
            self._look(rest)
        if self.failure is not None:
            return rest.rstrip(b"\r\n") + b"\n\n"
        if self.complete and self.begun:
            return rest
        self.failure = (None if self.begun else failure_in(rest)) or broken("dialects.upstream.cut")
        return self._error()

    def _told(self, failure: Failure) -> bytes:
        return encode_stream_error(failure, "")

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        if self._reading is None:
            self._reading = Reading(self._tokens(), self._finish, self._model, self._id)
        return self._reading

    def _tokens(self) -> Usage:
        return decode_usage(self._usage)

    def _look(self, event: bytes) -> None:
        frame = frame_of(event)
        if frame is None:
            return
        try:
            value = parse(frame.data)
        except ValueError:
            return  # not ours to mend: the client reads it as the upstream wrote it
        if type(value) is dict:
            self._reading = None
            self._understand(value.get("type", frame.event), value)

    def _understand(self, kind: Any, value: dict[str, Any]) -> None:
        if kind == "error":
            self.failure = failure_of(value, None)
            return
        if kind == "ping":
            return
        self.begun = self.begun or kind != "message_stop"  # an end alone is no answer
        if kind == "message_start":
            message = value.get("message")
            if type(message) is dict:
                self._model, self._id = _text(message.get("model")), _text(message.get("id"))
                self._usage = merged(self._usage, message.get("usage"))
        elif kind == "message_delta":
            self._usage = merged(self._usage, value.get("usage"))
            delta = value.get("delta")
            if type(delta) is dict:
                self._finish = _finish(delta.get("stop_reason")) or self._finish
        elif kind == "message_stop":
            self.complete = True
