"""An answer that came from another dialect, or from an engine of ours, as a client of this dialect takes it."""

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Citation,
    Image,
    Loss,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.answering import IN_ANSWERS, adapted_call
from counterpoint.dialects.bedrock_converse.finishing import INEXACT
from counterpoint.dialects.bedrock_converse.names import NAME, format_of
from counterpoint.dialects.bedrock_converse.parts import arguments_object
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.one_answer import first_answer


def adapted_answer(response: ChatResponse) -> tuple[ChatResponse, tuple[Loss, ...]]:
    """`response` with one choice of parts that this dialect can say, and what that leaves behind."""
    first, losses = first_answer(response, NAME, INEXACT)
    parts = [
        adapted_part(part, f"choices[0].parts[{place}]", losses) for place, part in enumerate(first.parts)
    ]
    first = msgspec.structs.replace(
        first, parts=tuple(part for part in parts if part is not None), extensions={}, logprobs=None
    )
    return msgspec.structs.replace(response, choices=(first,), extensions={}), tuple(losses)


def adapted_part(part: Part, path: str, losses: list[Loss]) -> Part | None:
    """One part of an answer; `None` (declared) if this dialect's clients have none for it."""
    if not isinstance(part, Opaque):
        losses.extend(foreign_losses(part.extensions, NAME, path, IN_ANSWERS))
    match part:
        case Text():
            citations = tuple(adapted_citation(item, f"{path}.citations", losses) for item in part.citations)
            return Text(part.text, citations) if part.text else None
        case Reasoning():
            if part.signature or part.encrypted:
                losses.append(sealed(path))
            return Reasoning(part.text) if part.text else None
        case ToolCall():
            called = adapted_call(part, path, losses, arguments_object)
            return ToolCall(called.id, called.name, called.arguments)
        case Refusal(text):
            return Text(text)
        case Audio(transcript=str(words)):
            losses.append(Loss("audio", path, "meaning", "speech becomes its transcript"))
            return Text(words)
        case Image(source) if source.kind == "data" and format_of("image", source.media_type):
            return Image(source)
        case Opaque(dialect=dialect) if dialect == NAME:
            return part
        case _:
            kind = part.kind if isinstance(part, Opaque) else type(part).__name__.lower()
            losses.append(Loss(f"part.{kind}", path, "meaning", "the target has no such block"))
            return None


def sealed(path: str) -> Loss:
    """That thinking is shown without its seals."""
    detail = "thinking is shown without what lets its maker verify it"
    return Loss("reasoning.signature", path, "degraded", detail)


def adapted_citation(citation: Citation, path: str, losses: list[Loss]) -> Citation:
    """A citation of another dialect; places in the answer itself have no word here."""
    losses.extend(foreign_losses(citation.extensions, NAME, path, IN_ANSWERS))
    if citation.document is None and citation.start is not None:
        losses.append(Loss("citation.span", path, "cosmetic", "a citation is for the whole text here"))
        return Citation(citation.quote, citation.url, citation.title)
    return msgspec.structs.replace(citation, extensions={})
