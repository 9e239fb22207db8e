"""Canonical events as a stream of this API.

Words go out as they come. A call is whole or nothing here, so its arguments are gathered until it ends. The reason to
stop, the usage and the times come in the last line, so they are kept for `close`.
"""

from collections.abc import Callable
from typing import Any

from counterpoint.canonical import (
    Choice,
    ErrorEvent,
    Failure,
    Finish,
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
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.leftovers import answer_losses
from counterpoint.dialects.ollama.answers import adapted_part, finish_losses, one_answer
from counterpoint.dialects.ollama.calls import Calls
from counterpoint.dialects.ollama.errors import encode_stream_error
from counterpoint.dialects.ollama.finishing import encode_finish
from counterpoint.dialects.ollama.messages import encode_parts
from counterpoint.dialects.ollama.moments import moment_of
from counterpoint.dialects.ollama.names import NAME
from counterpoint.dialects.ollama.objects import put_back, spelled
from counterpoint.dialects.ollama.responses import saying, unsaid
from counterpoint.dialects.ollama.streams import broken
from counterpoint.dialects.ollama.usage import encode_usage
from counterpoint.wire.ndjson import ndjson_line

_Where = tuple[int, int]
_BILLION = 1_000_000_000


class OllamaEncoder:
    """One stream. `model`: the name to show when the upstream gives none; `now`: the time; `prompted`: it answers
    `/api/generate`."""

    def __init__(self, model: str, *, now: Callable[[], float], prompted: bool) -> None:
        self._model = model
        self._now = now
        self._prompted = prompted
        self._began = now()
        self._first: float | None = None
        self._ended = False
        self._usage: Usage = UNREPORTED
        self._finish: FinishEvent | None = None
        self._growing: dict[_Where, Part] = {}
        self._saying: dict[_Where, Part] = {}
        self._losses: dict[tuple[str, str], Loss] = {}

    def encode(self, event: StreamEvent) -> bytes:
        """Bytes for one event."""
        if self._ended:
            return b""
        match event:
            case StartEvent():
                self._model = event.model or self._model
                self._lose(answer_losses(event.extensions, NAME, ""))
            case PartStart():
                return self._open(event)
            case PartDelta():
                return self._grow(event)
            case PartEnd(choice, part):
                return self._end((choice, part))
            case UsageEvent(usage):
                self._usage = usage
            case FinishEvent(choice=0):
                self._finish = event
            case ErrorEvent(failure):
                return self._fail(failure)
        return b""

    def close(self) -> bytes:
        """The last line: why the answer ended, what it took."""
        if self._ended:
            return b""
        if self._finish is None:
            return self._fail(broken("dialects.upstream.cut"))
        self._ended = True
        event = self._finish
        own = NAME in event.extensions
        if not own:
            self._lose(answer_losses(event.extensions, NAME, "choices[0]"))
            self._lose(finish_losses(event.finish.reason, "choices[0]"))
        return self._line({"content": ""}, self._last(event.finish, own, event))

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What could not be said so far, each thing once; paths are canonical."""
        return tuple(self._losses.values())

    def _last(self, finish: Finish, own: bool, event: FinishEvent) -> dict[str, Any]:
        times = spelled(event.extensions, "times")
        return {
            "done": True,
            "done_reason": encode_finish(finish, own=own),
            **(self._times() if times is None else times),
            **encode_usage(self._usage),
            **put_back(event.extensions),
        }

    def _times(self) -> dict[str, int]:
        """As seen from here, in nanoseconds: until the first words, and from then on."""
        end = self._now()
        first = end if self._first is None else self._first
        return {
            "total_duration": _nanoseconds(end - self._began),
            "load_duration": 0,
            "prompt_eval_duration": _nanoseconds(first - self._began),
            "eval_duration": _nanoseconds(end - first),
        }

    def _lose(self, losses: Any) -> None:
        for loss in losses:
            self._losses.setdefault((loss.code, loss.path), loss)

    def _fail(self, failure: Failure) -> bytes:
        self._ended = True
        return encode_stream_error(failure)

    def _line(self, message: dict[str, Any], more: dict[str, Any]) -> bytes:
        now = self._now()
        if self._first is None:
            self._first = now
        line: dict[str, Any] = {"model": self._model, "created_at": moment_of(now)}
        line |= saying(message, prompted=self._prompted)
        line["done"] = False
        return ndjson_line(encode(line | more if more else line))

    def _open(self, event: PartStart) -> bytes:
        where, value = (event.choice, event.part), event.value
        if event.choice:
            self._lose([one_answer(event.choice)])
            return b""
        if not isinstance(value, Text | Reasoning | Refusal):
            self._growing[where] = value
            return b""
        said = self._adapted(where, value)
        self._saying[where] = value
        return self._words(value, value.text) if said is not None and value.text else b""

    def _words(self, value: Part, text: str, logprobs: Any = None) -> bytes:
        more = {"logprobs": logprobs} if logprobs else {}
        if isinstance(value, Reasoning):
            return self._line({"content": "", "thinking": text}, more)
        return self._line({"content": text}, more)

    def _adapted(self, where: _Where, value: Part) -> Part | None:
        losses: list[Loss] = []
        adapted = adapted_part(value, f"choices[{where[0]}].parts[{where[1]}]", losses)
        self._lose(losses)
        return adapted

    def _grow(self, event: PartDelta) -> bytes:
        where = (event.choice, event.part)
        value = self._growing.get(where)
        if value is not None:
            self._growing[where] = extend(value, event.field, event.text)
            return b""
        saying_ = self._saying.get(where)
        if saying_ is None:
            return b""
        path = f"choices[0].parts[{event.part}]"
        if event.citation is not None:
            detail = "the target has no citations"
            self._lose([Loss("text.citations", f"{path}.citations", "degraded", detail)])
        if event.field in {"signature", "encrypted"}:
            detail = "thinking is shown without what lets its maker verify it"
            self._lose([Loss("reasoning.signature", path, "degraded", detail)])
            return b""
        if not event.text and not event.logprobs:
            return b""
        return self._words(saying_, event.text, event.logprobs)

    def _end(self, where: _Where) -> bytes:
        self._saying.pop(where, None)
        value = self._growing.pop(where, None)
        adapted = None if value is None else self._adapted(where, value)
        if adapted is None:
            return b""
        if self._prompted:
            self._lose(unsaid(Choice(0, (adapted,))))
        message = encode_parts((adapted,), Calls())
        return self._line(message, {}) if len(message) > 1 or message["content"] else b""


def _nanoseconds(seconds: float) -> int:
    return max(0, int(seconds * _BILLION))
