"""Canonical events as a stream of this dialect.

Words go out as they come. A call is whole or nothing here, so its arguments are gathered until it ends. The reason to
stop and the usage come in one last chunk, so they are kept for `close`.
"""

from typing import Any

from counterpoint.canonical import (
    Audio,
    ErrorEvent,
    Failure,
    FinishEvent,
    Loss,
    Part,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    StartEvent,
    StreamEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.canonical.fold import extend
from counterpoint.canonical.ids import new_id
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.gemini_generate.answers import adapted_part
from counterpoint.dialects.gemini_generate.calls import Calls
from counterpoint.dialects.gemini_generate.errors import encode_body
from counterpoint.dialects.gemini_generate.finishing import BLOCKED, encode_finish
from counterpoint.dialects.gemini_generate.framing import Events, Framing
from counterpoint.dialects.gemini_generate.names import NAME, SIGNATURE
from counterpoint.dialects.gemini_generate.objects import put_back
from counterpoint.dialects.gemini_generate.parts import encode_part, is_own
from counterpoint.dialects.gemini_generate.streams import broken
from counterpoint.dialects.gemini_generate.usage import encode_usage
from counterpoint.dialects.jsonio import encode

_Json = dict[str, Any]


class GenerateEncoder:
    """One stream. `model`: the name to show when the upstream gives none."""

    def __init__(self, model: str, framing: Framing | None = None) -> None:
        self._model = model
        self._framing = framing or Events()
        self._id = ""
        self._fields: _Json = {}
        self._ended = False
        self._usage: Usage = UNREPORTED
        self._finishes: dict[int, FinishEvent] = {}
        self._growing: dict[tuple[int, int], Part] = {}
        self._saying: dict[tuple[int, int], Part] = {}
        self._losses: dict[tuple[str, str], Loss] = {}

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What could not be said so far, each thing once; paths are canonical."""
        return tuple(self._losses.values())

    def encode(self, event: StreamEvent) -> bytes:
        """Bytes for one event."""
        if self._ended:
            return b""
        match event:
            case PartDelta():
                return self._grow(event)
            case PartStart():
                return self._open(event)
            case PartEnd(choice, part):
                return self._end(choice, part)
            case StartEvent():
                self._start(event)
            case UsageEvent(usage):
                self._usage = usage
            case FinishEvent():
                self._finishes[event.choice] = event
            case ErrorEvent(failure):
                return self._fail(failure)
        return b""

    def close(self) -> bytes:
        """What ends the stream: why each answer ended, and the usage."""
        if self._ended:
            return b""
        if not self._finishes:
            return self._fail(broken("dialects.upstream.cut"))
        self._ended = True
        candidates = [self._last(event) for event in self._finishes.values() if event.finish.raw != BLOCKED]
        last: _Json = {"candidates": candidates} if candidates else {}
        if self._usage.reported:
            last["usageMetadata"] = encode_usage(self._usage)
        return self._frame(last) + self._framing.end()

    def _last(self, event: FinishEvent) -> _Json:
        own = NAME in event.extensions
        if event.finish.reason in {"refusal", "pause", "error"} and not own:
            detail = f"the target has no word for {event.finish.reason}"
            self._lose(Loss("finish.reason", f"choices[{event.choice}].finish", "degraded", detail))
        return {
            "content": {
                "parts": [{"text": ""}],
                "role": "model",
            },  # to the maker's SDK, none is an invalid answer
            "finishReason": encode_finish(event.finish, own=own),
            "index": event.choice,
            **put_back(event.extensions),
        }

    def _lose(self, loss: Loss) -> None:
        self._losses.setdefault((loss.code, loss.path), loss)

    def _fail(self, failure: Failure) -> bytes:
        self._ended = True
        return self._framing.frame(encode_body(failure, "")) + self._framing.end()

    def _start(self, event: StartEvent) -> None:
        self._id, self._model = event.id, event.model or self._model
        self._fields = put_back(event.extensions)

    def _frame(self, chunk: _Json) -> bytes:
        self._id = self._id or new_id()
        first, self._fields = self._fields, {}
        said = {**chunk, **first, "modelVersion": self._model, "responseId": self._id}
        return self._framing.frame(encode(said))

    def _part(self, choice: int, part: _Json) -> bytes:
        content = {"content": {"parts": [part], "role": "model"}, "index": choice}
        return self._frame({"candidates": [content]})

    def _open(self, event: PartStart) -> bytes:
        where, value = (event.choice, event.part), event.value
        if not isinstance(value, Text | Reasoning | Refusal):
            self._growing[where] = value
            return b""
        said = self._adapted(where, value)
        self._saying[where] = value
        if said is None:
            return b""
        encoded = encode_part(said, Calls())
        return b"" if encoded is None else self._part(event.choice, encoded)

    def _adapted(self, where: tuple[int, int], value: Part) -> Part | None:
        """`value` as this dialect's clients read it; its own words stay as they are."""
        if isinstance(value, Text) and NAME in value.extensions:
            return value
        if isinstance(value, Reasoning) and is_own(value):
            return value
        losses: list[Loss] = []
        adapted = adapted_part(value, f"choices[{where[0]}].parts[{where[1]}]", losses)
        for loss in losses:
            self._lose(loss)
        return adapted

    def _grow(self, event: PartDelta) -> bytes:
        where = (event.choice, event.part)
        value = self._growing.get(where)
        if value is not None:
            self._growing[where] = extend(value, event.field, event.text)
            return b""
        saying = self._saying.get(where)
        if saying is None:
            return b""
        return self._more(where, saying, event)

    def _more(self, where: tuple[int, int], saying: Part, event: PartDelta) -> bytes:
        path = f"choices[{where[0]}].parts[{where[1]}]"
        if event.citation is not None and NAME not in event.citation.extensions:
            self._lose(
                Loss("text.citations", f"{path}.citations", "degraded", "sources are told otherwise here")
            )
        if event.field in {"signature", "encrypted"}:
            if is_own_signature(saying, event):
                return self._part(where[0], {"text": "", "thought": True, SIGNATURE: event.text})
            detail = "thinking is shown without what lets its maker verify it"
            self._lose(Loss("reasoning.signature", path, "degraded", detail))
            return b""
        if not event.text:
            return b""
        said: _Json = {"text": event.text}
        if isinstance(saying, Reasoning):
            said["thought"] = True
        return self._part(where[0], said)

    def _end(self, choice: int, part: int) -> bytes:
        where = (choice, part)
        self._saying.pop(where, None)
        value = self._growing.pop(where, None)
        if value is None:
            return b""
        if isinstance(value, Audio) and value.source is None and value.transcript is None:
            return b""
        own = NAME in getattr(value, "extensions", {})
        adapted = value if own else self._adapted(where, value)
        encoded = None if adapted is None else encode_part(adapted, Calls())
        return b"" if encoded is None else self._part(choice, encoded)


def is_own_signature(saying: Part, event: PartDelta) -> bool:
    """Whether a signature that grows is one of this dialect's maker."""
    return isinstance(saying, Reasoning) and is_own(saying) and event.field == "signature"
