"""An answer that came from another dialect, or from an engine of ours, as a client of this API takes it."""

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    Image,
    Loss,
    Media,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.leftovers import answer_losses
from counterpoint.dialects.ollama.finishing import INEXACT
from counterpoint.dialects.ollama.messages import object_call
from counterpoint.dialects.ollama.names import NAME
from counterpoint.dialects.transcript import kind_of


def adapted_answer(response: ChatResponse) -> tuple[ChatResponse, tuple[Loss, ...]]:
    """`response` with parts that this API can say, and what that leaves behind. Paths are canonical."""
    losses = list(answer_losses(response.extensions, NAME, ""))
    choices = tuple(_adapted_choice(choice, losses) for choice in response.choices[:1])
    losses += [one_answer(choice.index) for choice in response.choices[1:]]
    return msgspec.structs.replace(response, choices=choices), tuple(losses)


def one_answer(index: int) -> Loss:
    """There is no place for a second answer."""
    return Loss("n", f"choices[{index}]", "meaning", "the target gives one answer")


def _adapted_choice(choice: Choice, losses: list[Loss]) -> Choice:
    path = f"choices[{choice.index}]"
    losses.extend(answer_losses(choice.extensions, NAME, path))
    if choice.finish is not None:
        losses.extend(finish_losses(choice.finish.reason, path))
    parts = [adapted_part(part, f"{path}.parts[{place}]", losses) for place, part in enumerate(choice.parts)]
    return msgspec.structs.replace(choice, parts=tuple(part for part in parts if part is not None))


def finish_losses(reason: str, path: str) -> list[Loss]:
    """What is lost of why an answer ended."""
    detail = f"the target has no word for {reason}"
    return [Loss("finish.reason", f"{path}.finish", "degraded", detail)] if reason in INEXACT else []


def adapted_part(part: Part, path: str, losses: list[Loss]) -> Part | None:
    """One part of an answer; `None` (declared) if this API's clients have none for it."""
    if not isinstance(part, Opaque):
        losses.extend(answer_losses(part.extensions, NAME, path))
    match part:
        case Text():
            if part.citations:
                detail = "the target has no citations"
                losses.append(Loss("text.citations", f"{path}.citations", "degraded", detail))
            return Text(part.text)
        case Reasoning():
            if part.signature or part.encrypted:
                detail = "thinking is shown without what lets its maker verify it"
                losses.append(Loss("reasoning.signature", path, "degraded", detail))
            return Reasoning(part.text)
        case ToolCall():
            call, lost = object_call(part)
            if lost is not None:
                losses.append(Loss(lost[0], path, "degraded", lost[1]))
            return call
        case Refusal(text):
            losses.append(Loss("refusal", path, "degraded", "a refusal becomes text"))
            return Text(text)
        case Image(source=Media(kind="data")):
            return part
        case Audio(transcript=str(words)):
            losses.append(Loss("audio", path, "meaning", "speech becomes its transcript"))
            return Text(words)
        case _:
            losses.append(Loss(f"part.{kind_of(part)}", path, "meaning", "the target has no such part"))
            return None
