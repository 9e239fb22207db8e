"""An answer that came from another dialect, or from an engine of ours, as a client of this dialect takes it."""

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
from counterpoint.dialects.answering import IN_ANSWERS, adapted_call
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.gemini_generate.finishing import INEXACT
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.parts import arguments_object


def adapted_answer(response: ChatResponse) -> tuple[ChatResponse, tuple[Loss, ...]]:
    """`response` with parts that this dialect can say, and what that leaves behind. Paths are canonical."""
    losses = list(foreign_losses(response.extensions, NAME, "", IN_ANSWERS))
    choices = tuple(_adapted_choice(choice, losses) for choice in response.choices)
    return msgspec.structs.replace(response, choices=choices), tuple(losses)


def _adapted_choice(choice: Choice, losses: list[Loss]) -> Choice:
    path = f"choices[{choice.index}]"
    losses.extend(foreign_losses(choice.extensions, NAME, path, IN_ANSWERS))
    if choice.logprobs is not None:
        losses.append(Loss("logprobs", f"{path}.logprobs", "meaning", "probabilities have another form here"))
    if choice.finish is not None and choice.finish.reason in INEXACT:
        detail = f"the target has no word for {choice.finish.reason}"
        losses.append(Loss("finish.reason", f"{path}.finish", "degraded", detail))
    parts = [adapted_part(part, f"{path}.parts[{place}]", losses) for place, part in enumerate(choice.parts)]
    return msgspec.structs.replace(
        choice, parts=tuple(part for part in parts if part is not None), logprobs=None
    )


def adapted_part(part: Part, path: str, losses: list[Loss]) -> Part | None:
    """One part of an answer; `None` (declared) if this dialect's clients have none for it."""
    if not isinstance(part, Opaque):
        losses.extend(foreign_losses(part.extensions, NAME, path, IN_ANSWERS))
    match part:
        case Text():
            return _adapted_text(part, path, losses)
        case Reasoning():
            if part.signature or part.encrypted:
                detail = "thinking is shown without what lets its maker verify it"
                losses.append(Loss("reasoning.signature", path, "degraded", detail))
            return Reasoning(part.text) if part.text else None
        case ToolCall():
            return adapted_call(part, path, losses, arguments_object)
        case Refusal(text):
            return Text(text)
        case Audio(source=Media()) | Audio(transcript=str()):
            return _adapted_audio(part, path, losses)
        case Image():
            return part
        case Opaque(dialect=dialect) if dialect == NAME:
            return part
        case _:
            kind = part.kind if isinstance(part, Opaque) else type(part).__name__.lower()
            losses.append(Loss(f"part.{kind}", path, "meaning", "the target has no such part"))
            return None


def _adapted_text(part: Text, path: str, losses: list[Loss]) -> Part | None:
    if part.citations:
        detail = "sources are told otherwise here"
        losses.append(Loss("text.citations", f"{path}.citations", "degraded", detail))
    return Text(part.text) if part.text else None


def _adapted_audio(part: Audio, path: str, losses: list[Loss]) -> Part:
    if part.source is None:
        losses.append(Loss("audio", path, "meaning", "speech becomes its transcript"))
        return Text(part.transcript or "")
    if part.transcript:
        losses.append(Loss("audio.transcript", path, "degraded", "speech comes without its words here"))
    return Audio(part.source)
