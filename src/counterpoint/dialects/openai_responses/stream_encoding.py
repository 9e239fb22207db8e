"""Canonical events to a stream of this dialect: typed events, each with its number.

Items may grow side by side, as canonical parts do. A message or a train of thought ends when something else begins,
since more parts of it may follow until then. What is silent is not heard of: a part of words begins with its first.
The whole answer is told once more at the end, so it is gathered on the way.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    Failure,
    Loss,
    Opaque,
    Part,
    PartDelta,
    PartStart,
    Reasoning,
    Refusal,
    StartEvent,
    Text,
    ToolCall,
)
from counterpoint.dialects.answering import IN_ANSWERS
from counterpoint.dialects.extensions import fields_of, foreign_losses, spelling
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.one_answer import OneAnswerEncoder
from counterpoint.dialects.openai_chat.streams import stream_failure
from counterpoint.dialects.openai_responses.adapting.answers import (
    adapted_part,
    citations_loss,
    finish_losses,
    signature_loss,
    tier_losses,
)
from counterpoint.dialects.openai_responses.citations import encode_annotation
from counterpoint.dialects.openai_responses.envelope import own_id, repeated
from counterpoint.dialects.openai_responses.errors import answer_error, error_event
from counterpoint.dialects.openai_responses.finishing import ended
from counterpoint.dialects.openai_responses.item_encoding import goes_on, is_item, marks_of
from counterpoint.dialects.openai_responses.names import ANSWERED, ENVELOPE, ITEM, MORE, NAME
from counterpoint.dialects.openai_responses.responses import Labels, response_id
from counterpoint.dialects.openai_responses.speaking import SpokenItem, SpokenPart, Told
from counterpoint.dialects.openai_responses.usage import usage_body
from counterpoint.wire import sse_frame

Json = dict[str, Any]


class ResponsesEncoder(OneAnswerEncoder):
    """One stream. `model`: the name to show when the upstream gives none; `asked`: the request, which the answer
    repeats; `now`: the time, for an answer that has none of its own."""

    def __init__(self, model: str, asked: ChatRequest | None, now: Callable[[], float]) -> None:
        super().__init__()
        self._model = model
        self._asked = asked
        self._now = now
        self._number = 0
        self._head: Json | None = None
        self._label: Labels | None = None
        self._items: list[SpokenItem] = []
        self._parts: dict[int, tuple[SpokenItem, SpokenPart]] = {}
        self._silent: dict[int, Part] = {}
        self._last: Part | None = None

    def close(self) -> bytes:
        """The end of whatever has none yet, and the whole answer."""
        if self._ended:
            return b""
        if self._finish is None:
            return self._fail(stream_failure("dialects.upstream.cut"))
        out = self._begin() + self._end_items()
        finish = self._finish
        self._lose(
            *foreign_losses(finish.extensions, NAME, "choices[0]", IN_ANSWERS), *finish_losses(finish.finish)
        )
        state = spelling(finish.extensions, NAME, ANSWERED)
        if state is None:
            state = {**ended(finish.finish), "completed_at": int(self._now())}
        answer = {**self._answer(), **fields_of(finish.extensions, NAME), **state}
        if self._usage.reported:
            answer["usage"] = usage_body(self._usage)
        elif answer.get("usage") is None:
            answer.pop("usage", None)
        self._ended = True
        return out + self._event(f"response.{_end_of(answer)}", {"response": answer})

    def fail(self, failure: Failure) -> bytes:
        """See `base.Failing`."""
        return self._fail(failure)

    def _fail(self, failure: Failure) -> bytes:
        """The answer as far as it came, failed; then the event that official clients raise."""
        out = self._begin()
        answer = {**self._answer(), "status": "failed", "error": answer_error(failure), "usage": None}
        self._ended = True
        out += self._event("response.failed", {"response": answer})
        return out + error_event(failure, self._number)

    def _event(self, kind: str, fields: Json) -> bytes:
        event = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        return sse_frame(encode(event), kind)

    def _begin(self) -> bytes:
        return b"" if self._head is not None else self._start(StartEvent())

    def _start(self, event: StartEvent) -> bytes:
        if self._head is not None:
            return b""
        self._lose(*foreign_losses(event.extensions, NAME, "", IN_ANSWERS))
        around = spelling(event.extensions, NAME, ENVELOPE)
        answer_id = event.id if around is not None else own_id(self._asked) or response_id(event.id)
        self._label = Labels(answer_id)
        self._head = {
            **fields_of(event.extensions, NAME),
            "id": answer_id,
            "object": "response",
            "created_at": int(self._now()) if event.created is None else event.created,
            "model": event.model or self._model,
            "status": "in_progress",
            "error": None,
            "incomplete_details": None,
            **(repeated(self._asked) if around is None else around),
            "usage": None,
        }
        unknown = [] if around is not None else tier_losses(event.service_tier)
        self._lose(*unknown)
        if event.service_tier is not None and not unknown:
            self._head["service_tier"] = event.service_tier
        answer = {"response": self._answer()}
        return self._event("response.created", answer) + self._event("response.in_progress", answer)

    def _answer(self) -> Json:
        """The answer as it is now."""
        return {**(self._head or {}), "output": [item.whole() for item in self._items if item.done]}

    # Parts

    def _open(self, event: PartStart) -> bytes:
        value = event.value
        path = f"choices[0].parts[{event.part}]"
        if _is_own(value):
            return self._enter(event.part, value)
        if isinstance(value, Text | Reasoning | Refusal):
            return self._hold(event.part, value, path)
        losses: list[Loss] = []
        adapted = adapted_part(value, path, losses)
        self._lose(*losses)
        return b"" if adapted is None else self._enter(event.part, adapted)

    def _hold(self, part: int, value: Text | Reasoning | Refusal, path: str) -> bytes:
        """Words of another dialect: they begin with the first of them."""
        self._lose(*foreign_losses(value.extensions, NAME, path, IN_ANSWERS))
        if isinstance(value, Reasoning) and (value.signature or value.encrypted):
            self._lose(signature_loss(path))
        self._silent[part] = type(value)("")
        out = self._grow(PartDelta(0, part, value.text)) if value.text else b""
        for citation in value.citations if isinstance(value, Text) else ():
            out += self._grow(PartDelta(0, part, citation=citation))
        return out

    def _enter(self, part: int, value: Part) -> bytes:
        """A part takes its place: on the item before it, or on one of its own."""
        out = b""
        item = self._items[-1] if self._items else None
        if item is None or item.done or self._last is None or not goes_on(self._last, value, answer=True):
            out += self._leave()
            item = SpokenItem(value, len(self._items), self._label)
            self._items.append(item)
            out += self._event(
                "response.output_item.added", {"output_index": item.index, "item": item.start()}
            )
        self._last = value
        if is_item(value):
            return out
        spoken = item.add(_emptied(value))
        self._parts[part] = (item, spoken)
        out += self._tell(item, spoken.start())
        text = value.arguments if isinstance(value, ToolCall) else getattr(value, "text", "")
        if text:
            out += self._tell(item, spoken.say(text))
        for citation in value.citations if isinstance(value, Text) else ():
            out += self._tell(item, spoken.cite(citation))
        if isinstance(value, Reasoning) and value.encrypted:
            spoken.seal(value.encrypted)
        return out

    def _tell(self, item: SpokenItem, told: list[Told]) -> bytes:
        about = {"item_id": item.id, "output_index": item.index}
        return b"".join([self._event(kind, {**about, **fields}) for kind, fields in told])

    def _grow(self, event: PartDelta) -> bytes:
        path = f"choices[0].parts[{event.part}]"
        if event.citation is not None and encode_annotation(event.citation) is None:
            self._lose(citations_loss(path))
            return b""
        out = b""
        if event.part in self._silent:
            if event.field in {"signature", "encrypted"}:
                self._lose(signature_loss(path))
                return b""
            out = self._enter(event.part, self._silent.pop(event.part))
        known = self._parts.get(event.part)
        if known is None:
            return out
        item, spoken = known
        if event.citation is not None:
            return out + self._tell(item, spoken.cite(event.citation))
        if event.field in {"signature", "encrypted"}:
            return out + self._seal(event, spoken, path)
        if not (event.text or event.logprobs) or event.field == "data":
            return out
        return out + self._tell(item, spoken.say(event.text, event.logprobs))

    def _seal(self, event: PartDelta, spoken: SpokenPart, path: str) -> bytes:
        if event.field == "encrypted" and _is_own(spoken.value):
            spoken.seal(event.text)
        else:
            self._lose(signature_loss(path))
        return b""

    def _end_part(self, part: int) -> bytes:
        self._silent.pop(part, None)
        known = self._parts.get(part)
        if known is None or known[1].ended:
            return b""
        item, spoken = known
        out = self._tell(item, spoken.end())
        current = item is self._items[-1] and not isinstance(spoken.value, ToolCall)
        return out if current else out + self._end_item(item)

    def _leave(self) -> bytes:
        """Something else begins: the last item has all its parts."""
        return self._end_item(self._items[-1]) if self._items else b""

    def _end_item(self, item: SpokenItem) -> bytes:
        if item.done or not item.ended:
            return b""
        item.done = True
        return self._event("response.output_item.done", {"output_index": item.index, "item": item.whole()})

    def _end_items(self) -> bytes:
        """Whatever its source has forgotten to end."""
        out = []
        for item, spoken in self._parts.values():
            if not spoken.ended:
                out.append(self._tell(item, spoken.end()))
        out += [self._end_item(item) for item in self._items]
        return b"".join(out)


def _end_of(answer: Json) -> str:
    """What the last event is called."""
    status = answer.get("status")
    return status if status in {"incomplete", "failed"} else "completed"


def _is_own(value: Part) -> bool:
    """Whether `value` came in this dialect."""
    marks = marks_of(value)
    return (isinstance(value, Opaque) and value.dialect == NAME) or ITEM in marks or MORE in marks


def _emptied(value: Part) -> Part:
    """`value` before anything was said."""
    match value:
        case ToolCall():
            return msgspec.structs.replace(value, arguments="")
        case Text():
            return msgspec.structs.replace(value, text="", citations=())
        case Reasoning():
            return msgspec.structs.replace(value, text="", encrypted=None)
        case Refusal():
            return msgspec.structs.replace(value, text="")
        case _:
            return value
