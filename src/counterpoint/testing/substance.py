"""The substance of an answer, which every dialect must carry or declare lost: what is said, thought and called, why it
ended, and how many tokens it took."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    Loss,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)


class Substance(msgspec.Struct, frozen=True):
    """Of the first choice, and how many there are."""

    words: str
    thoughts: str
    calls: tuple[tuple[str, Any], ...]
    finish: str | None
    tokens: tuple[int, int]
    choices: int


def substance(answer: ChatResponse) -> Substance:
    """What matters of it."""
    choice = answer.choices[0] if answer.choices else Choice()
    return Substance(
        words="".join(map(_words, choice.parts)),
        thoughts="".join(part.text for part in choice.parts if isinstance(part, Reasoning)),
        calls=tuple((part.name, arguments(part)) for part in choice.parts if isinstance(part, ToolCall)),
        finish=_finish(choice),
        tokens=(answer.usage.input_total, answer.usage.output_total),
        choices=len(answer.choices),
    )


def changes(before: Substance, after: Substance, losses: tuple[Loss, ...]) -> Iterator[str]:
    """What is not as it was and no loss tells of, by name."""
    told = {
        "tokens": any(loss.code.startswith("usage") for loss in losses),
        "finish": bool(losses),
    }
    grave = any(loss.severity != "cosmetic" for loss in losses)
    for name in Substance.__struct_fields__:
        if getattr(before, name) != getattr(after, name) and not told.get(name, grave):
            yield name


_DECLINED = {"refusal", "content_filter"}


def _finish(choice: Choice) -> str | None:
    """Why it ended. Only some APIs say `tool_calls` of a call that was forced, and only some tell a model that
    declines from a filter that does."""
    if choice.finish is None:
        return None
    reason: str = choice.finish.reason
    if reason == "stop" and any(isinstance(part, ToolCall) for part in choice.parts):
        return "tool_calls"
    return "refusal" if reason in _DECLINED else reason


def _words(part: Part) -> str:
    match part:
        case Text(text) | Refusal(text):
            return text
        case Audio(transcript=str(words)):
            return words
        case _:
            return ""


def arguments(call: ToolCall) -> Any:
    """A call's arguments as the JSON that they are."""
    if call.kind == "custom":
        return {"input": call.arguments}
    try:
        return json.loads(call.arguments or "{}")
    except ValueError:
        return {"arguments": call.arguments}
