"""The relayed path: client and upstream speak this dialect, so bytes pass through and only what must be known
is read. This is the hot path: one partial decode per body or event, and the original bytes go on.
"""

import re
from typing import Any

import msgspec

from counterpoint.canonical import Failure, FinishReason, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Peek, Reading, Target
from counterpoint.dialects.jsonio import (
    Fields,
    decode_object,
    encode,
    malformed,
    not_an_answer,
    parse,
    refusal,
    wrong_type,
)
from counterpoint.dialects.openai_chat import quirks as quirk
from counterpoint.dialects.openai_chat.errors import encode_stream_error, failure_from, failure_in
from counterpoint.dialects.openai_chat.finishing import finish_from
from counterpoint.dialects.openai_chat.responses import answer_object
from counterpoint.dialects.openai_chat.streams import DONE, stream_failure
from counterpoint.dialects.openai_chat.usage import usage_from
from counterpoint.dialects.openai_chat.watsonx import enveloped
from counterpoint.dialects.splice import replace_field, replace_text
from counterpoint.wire import FrameTooLong, SseCutter, frame_of


class _Options(msgspec.Struct, gc=False):
    include_usage: bool | None = None


class _Asked(msgspec.Struct, gc=False):
    model: str
    stream: bool | None = None
    stream_options: _Options | None = None


class _ChoiceRead(msgspec.Struct, gc=False):
    finish_reason: str | None = None
    index: int = 0


class _Read(msgspec.Struct):
    """What is read of an answer or a chunk; everything may be missing."""

    choices: list[_ChoiceRead] | None = None
    usage: dict[str, Any] | None = None
    error: Any = None
    x_groq: dict[str, Any] | None = None
    model: str | None = None
    id: str | None = None
    object: str | None = None


_decode_asked = msgspec.json.Decoder(_Asked).decode
_decode_read = msgspec.json.Decoder(_Read).decode
_decode_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_messages = msgspec.json.Decoder(list[dict[str, msgspec.Raw]]).decode

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def peek(body: bytes) -> Peek:
    """Model, stream and whether usage is wanted in it. Raises `Refused`."""
    try:
        asked = _decode_asked(body)
    except _UNREADABLE as error:
        raise _why_not(body) from error
    if not asked.model:
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    options = asked.stream_options
    return Peek(asked.model, bool(asked.stream), options is not None and bool(options.include_usage))


def _why_not(body: bytes) -> Refused:
    """The refusal for a body that cannot be peeked at, found the slow way."""
    try:
        fields = Fields(decode_object(body))
        fields.needed("model", fields.text)
        fields.boolean("stream")
        options = fields.inner("stream_options")
        if options is not None:
            options.boolean("include_usage")
    except Refused as refused:
        return refused
    return wrong_type("model", "string", None)


_ESCAPED = re.compile(rb"\\u00[567]")
"""A letter or underscore written as an escape, which could hide a field's name."""
_OPTIONS = b'"stream_options"'
_USAGE_WANTED = b'"stream_options":{"include_usage":true},'


def rewrite(body: bytes, asked: Peek, target: Target) -> bytes:
    """`body` with the target's model name, and the demand for usage where a stream lacks it. Names that the
    host refuses and that have an exact equivalent are replaced; all else keeps its bytes."""
    if _needs_renaming(body, target.quirks):
        body = _renamed(body, target.quirks)
    if target.model and target.model != asked.model:
        body = replace_text(body, "model", asked.model, target.model)
    if asked.stream and not asked.include_usage and quirk.NO_STREAM_OPTIONS not in target.quirks:
        body = _demanding_usage(body)
    return enveloped(body) if quirk.MODEL_ID in target.quirks else body


def _demanding_usage(body: bytes) -> bytes:
    # `rfind` is by far the fastest search here, see `splice`.
    if body.rfind(_OPTIONS) < 0 and not (body.rfind(b"\\u00") >= 0 and _ESCAPED.search(body)):
        start = body.index(b"{") + 1  # the object has a model, so there is a field to come before
        return b"".join((body[:start], _USAGE_WANTED, body[start:]))
    options = _members(body).get("stream_options")
    known = decode_object(bytes(options)) if options is not None and bytes(options) != b"null" else {}
    return replace_field(body, "stream_options", encode({**known, "include_usage": True}))


def _members(body: bytes) -> dict[str, Any]:
    try:
        return dict(_decode_members(body))
    except _UNREADABLE as error:
        raise malformed(error) from error


def _needs_renaming(body: bytes, quirks: frozenset[str]) -> bool:
    """Whether the host would refuse a name in `body` that has an exact equivalent."""
    if not quirks:
        return False
    if quirk.NO_DEVELOPER_ROLE in quirks and body.rfind(b'"developer"') >= 0:
        return True
    if quirk.MAX_TOKENS in quirks and body.rfind(b'"max_completion_tokens"') >= 0:
        return True
    return quirk.MAX_COMPLETION_TOKENS in quirks and body.rfind(b'"max_tokens"') >= 0


def _renamed(body: bytes, quirks: frozenset[str]) -> bytes:
    members = _members(body)
    for wanted, other in (("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")):
        if wanted in quirks and other in members:
            members.setdefault(wanted, members.pop(other))
    if quirk.NO_DEVELOPER_ROLE in quirks and "messages" in members:
        members["messages"] = _without_developer(members["messages"])
    return encode(members)


def _without_developer(messages: bytes) -> Any:
    try:
        renamed = _decode_messages(messages)
    except _UNREADABLE:
        return messages  # no list of messages: for the upstream to refuse
    for message in renamed:
        role = message.get("role")
        if role is not None and bytes(role) == b'"developer"':
            message["role"] = msgspec.Raw(b'"system"')
    return renamed


def read(body: bytes) -> Reading:
    """Usage, finish, model and id of a whole answer. Raises `Refused` if it is none."""
    try:
        answer = _decode_read(body)
    except _UNREADABLE:
        answer = _read_slowly(answer_object(body))
    failure = _failure(answer, body)
    if failure is not None:
        raise Refused(failure)
    if answer.choices is None:
        raise not_an_answer("dialects.upstream.missing", path="choices")
    finish = next((item.finish_reason for item in answer.choices if item.finish_reason), None)
    return Reading(_usage(answer), _reason(finish), answer.model, answer.id)


def _read_slowly(value: dict[str, Any]) -> _Read:
    """What can be read of an object some of whose fields have other types than they should."""
    fields = Fields(value, strict=False)
    choices = fields.array("choices")
    read_choices: list[_ChoiceRead] | None = None
    if choices is not None:
        read_choices = []
        for place, item in enumerate(choice for choice in choices if isinstance(choice, dict)):
            finish, index = item.get("finish_reason"), item.get("index")
            read_choices.append(
                _ChoiceRead(
                    finish if isinstance(finish, str) else None, index if type(index) is int else place
                )
            )
    return _Read(
        read_choices,
        fields.object("usage"),
        fields.any("error"),
        fields.object("x_groq"),
        fields.text("model"),
        fields.text("id"),
        fields.text("object"),
    )


def _failure(answer: _Read, body: bytes) -> Failure | None:
    if not answer.error and answer.object != "error":
        return None
    try:
        return failure_in(parse(body))
    except ValueError:
        return stream_failure("dialects.upstream.garbage")


def _usage(answer: _Read) -> Usage:
    if answer.usage:
        return usage_from(answer.usage)
    return usage_from(answer.x_groq.get("usage")) if answer.x_groq else UNREPORTED


def _reason(finish_reason: str | None) -> FinishReason | None:
    finish = finish_from(finish_reason)
    return None if finish is None else finish.reason


class OpenAIRelay:
    """Reads a stream that passes by. Events are sent on whole, so that one which the host broke off in the middle
    never reaches the client. Where he had not asked for usage, the chunk that tells only it is taken out.

    `begun`: a first event, and not an error, has been seen. `complete`: `[DONE]` has. `failure`: what the stream
    reported, or its early end.
    """

    def __init__(self, asked: Peek) -> None:
        self._hides_usage = asked.stream and not asked.include_usage
        self._cutter = SseCutter()
        self._usage = UNREPORTED
        self._finish: str | None = None
        self._model: str | None = None
        self._id: str | None = None
        self._open: set[int] = set()
        self._done: set[int] = set()
        self.begun = False
        self.complete = False
        self._overlong = False
        self.failure: Failure | None = None
        self._stray = b""

    @property
    def reading(self) -> Reading:
        """What is known so far."""
        return Reading(self._usage, _reason(self._finish), self._model, self._id)

    def feed(self, data: bytes) -> bytes:
        """What to send on."""
        if self._overlong:
            return b""
        try:
            events = self._cutter.feed(data)
        except FrameTooLong:
            self._overlong = True
            self._cutter.close()
            self.failure = stream_failure("dialects.upstream.too_long")
            return encode_stream_error(self.failure)
        if len(events) == 1:
            return events[0] if self._see(events[0]) else b""
        return b"".join([raw for raw in events if self._see(raw)])

    def close(self) -> bytes:
        """What was held back; after an early end, this dialect's error event."""
        rest = self._cutter.close()
        held = rest if self._see(rest) else b""
        if self.failure is not None:
            return held.rstrip(b"\r\n") + b"\n\n" if held else b""
        if self.begun and (self.complete or self._finished):
            return held
        self.failure = self._stray_failure() or stream_failure("dialects.upstream.cut")
        return encode_stream_error(self.failure)

    @property
    def _finished(self) -> bool:
        """Whether every choice has ended: some hosts then leave `[DONE]` out."""
        return bool(self._done) and not self._open

    def _see(self, raw: bytes) -> bool:
        """Read one event; whether the client is to see it."""
        if self.complete:
            return True
        if raw[:5] == b"data:" and DONE not in raw[:13]:
            data = raw[5:]  # as nearly every event is written; white space around it does not matter
        else:
            frame = frame_of(raw)
            if frame is None:
                self._keep_stray(raw)
                return True
            data = frame.data
            if data.strip() == DONE:
                self.complete = True
                return True
            if frame.event == "error":
                self._fail(data)
                return True
        try:
            chunk = _decode_read(data)
        except _UNREADABLE:
            return self._see_odd(raw)
        return self._take(chunk, data)

    def _see_odd(self, raw: bytes) -> bool:
        """An event that cannot be read in one go: of several lines, or with unexpected types."""
        frame = frame_of(raw)
        try:
            value = parse(frame.data) if frame is not None else None
        except ValueError:
            value = None  # not for us to judge: the client sees what the host said
        return not isinstance(value, dict) or self._take(_read_slowly(value), frame.data if frame else b"")

    def _take(self, chunk: _Read, data: bytes) -> bool:
        if chunk.error or chunk.object == "error":
            self._fail(data)
            return True
        self.begun = True
        if self._model is None or self._id is None:
            self._model, self._id = chunk.model or self._model, chunk.id or self._id
        for choice in chunk.choices or ():
            if choice.finish_reason:
                self._finish = self._finish or choice.finish_reason
                self._done.add(choice.index)
                self._open.discard(choice.index)
            elif choice.index not in self._done:
                self._open.add(choice.index)
        if chunk.usage is None and chunk.x_groq is None:
            return True
        usage = _usage(chunk)
        if usage.reported:
            self._usage = usage
        return not (self._hides_usage and not chunk.choices and chunk.usage)

    def _fail(self, data: bytes) -> None:
        try:
            value = parse(data)
        except ValueError:
            value = None
        error = value.get("error", value) if isinstance(value, dict) else value
        self.failure = self.failure or failure_in(value) or failure_from(error, None, value)

    def _keep_stray(self, raw: bytes) -> None:
        if not self.begun and raw[:1] != b":" and len(self._stray) < 65_536:
            self._stray += raw  # perhaps a plain body: told at the end

    def _stray_failure(self) -> Failure | None:
        try:
            return failure_in(parse(self._stray)) if self._stray.strip() else None
        except ValueError:
            return None
