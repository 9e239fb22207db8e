"""Canonical events to a stream of chunks: the text of each answer as it grows, then why it ended, `[DONE]`."""

from collections.abc import Callable
from typing import Any

from counterpoint.canonical import (
    ErrorEvent,
    FinishEvent,
    Loss,
    PartDelta,
    PartStart,
    Refusal,
    StartEvent,
    StreamEvent,
    Text,
    UsageEvent,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.extensions import fields_of, spelling
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.leftovers import answer_losses
from counterpoint.dialects.openai_chat.errors import encode_stream_error
from counterpoint.dialects.openai_chat.streams import DONE
from counterpoint.dialects.openai_chat.usage import usage_body
from counterpoint.dialects.openai_completions.logprobs import encode_logprobs
from counterpoint.dialects.openai_completions.names import NAME
from counterpoint.dialects.openai_completions.responses import KIND, plain_usage, reason_of, words_of
from counterpoint.wire import sse_frame

Json = dict[str, Any]


class CompletionsEncoder:
    """One stream. `echo`: what every answer begins with; `now` gives the time for an answer that has none."""

    def __init__(self, model: str, *, include_usage: bool, echo: str, now: Callable[[], float]) -> None:
        self._head: Json = {"id": "", "object": KIND, "created": int(now()), "model": model}
        self._include_usage = include_usage
        self._echo = echo
        self._echoed: dict[int, int] = {}
        self._parts: dict[tuple[int, int], bool] = {}
        self._usage = UNREPORTED
        self._failed = False
        self._losses: dict[tuple[str, str], Loss] = {}

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What the stream could not express so far; paths are canonical."""
        return tuple(self._losses.values())

    def encode(self, event: StreamEvent) -> bytes:
        """Chunks for one event."""
        if self._failed:
            return b""
        match event:
            case StartEvent():
                self._start(event)
            case PartStart():
                return self._begin(event)
            case PartDelta():
                return self._delta(event)
            case FinishEvent():
                return self._finish(event)
            case UsageEvent(usage):
                self._usage = usage
            case ErrorEvent(failure):
                self._failed = True
                return encode_stream_error(failure)
        return b""

    def close(self) -> bytes:
        """Usage where it was asked for and is known, then the end; nothing after an error."""
        if self._failed:
            return b""
        end = sse_frame(DONE)
        if not self._include_usage or not self._usage.reported:
            return end
        chunk = {**self._head, "choices": [], "usage": plain_usage(usage_body(self._usage))}
        return sse_frame(encode(chunk)) + end

    def _lose(self, losses: Any) -> None:
        for loss in losses:
            self._losses.setdefault((loss.code, loss.path), loss)

    def _start(self, event: StartEvent) -> None:
        self._lose(answer_losses(event.extensions, NAME, ""))
        self._head["id"] = event.id
        self._head["model"] = event.model or self._head["model"]
        if event.created is not None:
            self._head["created"] = event.created
        self._head.update(fields_of(event.extensions, NAME))

    def _begin(self, event: PartStart) -> bytes:
        losses: list[Loss] = []
        words = words_of(event.value, f"choices[{event.choice}].parts[{event.part}]", False, losses)
        self._lose(losses)
        self._parts[event.choice, event.part] = isinstance(event.value, Text | Refusal)
        return self._chunk(event.choice, words) if words else b""

    def _delta(self, event: PartDelta) -> bytes:
        if event.citation is not None:
            path = f"choices[{event.choice}].parts[{event.part}]"
            self._lose([Loss("text.citations", path, "degraded", "a completion cites nothing")])
        if not self._parts.get((event.choice, event.part)) or not (event.text or event.logprobs):
            return b""
        return self._chunk(event.choice, event.text, event.logprobs)

    def _chunk(self, choice: int, text: str, entries: Any = None, more: Json | None = None) -> bytes:
        before = self._echo if choice not in self._echoed else ""
        offset = self._echoed.get(choice, 0) + len(before)
        self._echoed[choice] = offset + len(text)
        said: Json = {
            "text": before + text,
            "index": choice,
            "logprobs": encode_logprobs(entries, offset) if entries else None,
            "finish_reason": None,
        }
        if more:
            said.update(more)
        chunk = self._head | {"choices": [said]}
        if self._include_usage:
            chunk["usage"] = None
        return sse_frame(encode(chunk))

    def _finish(self, event: FinishEvent) -> bytes:
        self._lose(answer_losses(event.extensions, NAME, f"choices[{event.choice}]"))
        stop = spelling(event.extensions, NAME, "stop_reason")
        more = {
            "finish_reason": reason_of(event.finish, own=NAME in event.extensions),
            **({"stop_reason": stop[0]} if stop else {}),
            **fields_of(event.extensions, NAME),
        }
        return self._chunk(event.choice, "", None, more)
