"""An answer that came from another dialect, or from an engine of ours, as a client of this dialect takes it."""

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Loss,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.answering import IN_ANSWERS, adapted_call
from counterpoint.dialects.anthropic_messages.content import arguments_object
from counterpoint.dialects.anthropic_messages.finishing import INEXACT
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.one_answer import first_answer


def adapted_answer(response: ChatResponse) -> tuple[ChatResponse, tuple[Loss, ...]]:
    """`response` with one choice of parts that this dialect can say, and what that leaves behind. Paths are
    canonical: the client never sees the upstream's own JSON."""
    first, losses = first_answer(response, NAME, INEXACT)
    parts = []
    for index, part in enumerate(first.parts):
        adapted = adapted_part(part, f"choices[0].parts[{index}]", losses)
        if adapted is not None:
            parts.append(adapted)
    refused = any(isinstance(part, Refusal) for part in first.parts)
    finish = first.finish
    if refused and finish is not None and finish.reason == "stop":
        finish = msgspec.structs.replace(finish, reason="refusal")
    first = msgspec.structs.replace(first, parts=tuple(parts), finish=finish)
    return msgspec.structs.replace(response, choices=(first,)), tuple(losses)


def adapted_part(part: Part, path: str, losses: list[Loss]) -> Part | None:
    """One part of an answer; `None` (declared) if this dialect's clients have no block for it."""
    if not isinstance(part, Opaque):
        losses.extend(foreign_losses(part.extensions, NAME, path, IN_ANSWERS))
    match part:
        case Text(citations=()):
            return part if part.text else None
        case Text():
            detail = "a citation in the target is signed by its maker"
            losses.append(Loss("text.citations", f"{path}.citations", "degraded", detail))
            return msgspec.structs.replace(part, citations=())
        case Reasoning() if part.text or part.encrypted is None:
            # Without a signature it cannot go back to this dialect's maker; see `adapting.messages`.
            if part.encrypted is not None:
                losses.append(_sealed(path))
            return Reasoning(part.text, "")
        case Reasoning():
            losses.append(_sealed(path))
            return None
        case ToolCall():
            return adapted_call(part, path, losses, arguments_object)
        case Refusal(text):
            return Text(text)
        case Audio(transcript=str(words)):
            losses.append(Loss("audio", path, "meaning", "speech becomes its transcript"))
            return Text(words)
        case Opaque(dialect=dialect) if dialect == NAME:
            return part
        case _:
            kind = part.kind if isinstance(part, Opaque) else type(part).__name__.lower()
            losses.append(Loss(f"part.{kind}", path, "meaning", "the target has no such block"))
            return None


def _sealed(path: str) -> Loss:
    detail = "thinking that only another maker can read"
    return Loss("reasoning.encrypted", path, "degraded", detail)
