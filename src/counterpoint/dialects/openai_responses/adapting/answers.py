"""An answer that came from another dialect, or from an engine of ours, as a client of this dialect takes it."""

from typing import Any

import msgspec

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    Finish,
    Loss,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.answering import IN_ANSWERS
from counterpoint.dialects.extensions import foreign_losses
from counterpoint.dialects.one_answer import inexact, second_answer
from counterpoint.dialects.openai_responses.citations import encode_annotation
from counterpoint.dialects.openai_responses.content import with_fields
from counterpoint.dialects.openai_responses.finishing import INEXACT
from counterpoint.dialects.openai_responses.names import LOGPROBS, NAME


def adapted_answer(response: ChatResponse) -> tuple[ChatResponse, tuple[Loss, ...]]:
    """`response` with one choice of parts that this dialect can say, and what that leaves behind. Paths are
    canonical: the client never sees the upstream's own JSON."""
    losses = list(foreign_losses(response.extensions, NAME, "", IN_ANSWERS))
    losses += [second_answer(choice.index) for choice in response.choices[1:]]
    first = response.choices[0] if response.choices else Choice()
    losses.extend(foreign_losses(first.extensions, NAME, "choices[0]", IN_ANSWERS))
    losses.extend(finish_losses(first.finish))
    parts = [
        adapted
        for index, part in enumerate(first.parts)
        if (adapted := adapted_part(part, f"choices[0].parts[{index}]", losses)) is not None
    ]
    parts = _with_logprobs(parts, first.logprobs)
    first = msgspec.structs.replace(first, parts=tuple(parts))
    losses.extend(tier_losses(response.service_tier))
    tier = None if tier_losses(response.service_tier) else response.service_tier
    changed = msgspec.structs.replace(response, choices=(first,), service_tier=tier, extensions={})
    return changed, tuple(losses)


_TIERS = {None, "auto", "default", "flex", "scale", "priority"}
"""Service tiers that clients of this dialect know; their official types admit no others."""


def tier_losses(tier: str | None) -> list[Loss]:
    """A host's own name for the tier that served the answer."""
    if tier in _TIERS:
        return []
    return [Loss("service_tier", "service_tier", "cosmetic", "the target knows no such tier")]


def finish_losses(finish: Finish | None) -> list[Loss]:
    """What is lost of the reason why an answer ended."""
    if finish is None or finish.reason not in INEXACT:
        return []
    return [inexact(finish.reason)]


def _with_logprobs(parts: list[Part], logprobs: Any) -> list[Part]:
    """The probabilities stand with the words, here with the first of them."""
    entries = logprobs.get("content") if type(logprobs) is dict else None
    for index, part in enumerate(parts):
        if entries and isinstance(part, Text):
            parts[index] = with_fields(part, {"~" + LOGPROBS: [entry_of(entry) for entry in entries]})
            break
    return parts


def entry_of(entry: Any) -> Any:
    """One entry, with the lists that this dialect always has."""
    if type(entry) is not dict:
        return entry
    found = {name: entry.get(name) for name in ("bytes", "top_logprobs")}
    listed = {name: value if type(value) is list else [] for name, value in found.items()}
    return {**entry, **listed}


def adapted_part(part: Part, path: str, losses: list[Loss]) -> Part | None:
    """One part of an answer; `None` (declared) if this dialect's clients have nothing for it."""
    if not isinstance(part, Opaque):
        losses.extend(foreign_losses(part.extensions, NAME, path, IN_ANSWERS))
    match part:
        case Text():
            if any(encode_annotation(citation) is None for citation in part.citations):
                losses.append(citations_loss(path))
            return part if part.text or part.citations else None
        case Reasoning():
            if part.signature or part.encrypted:
                losses.append(signature_loss(path))
            return Reasoning(part.text) if part.text else None
        case ToolCall() | Refusal():
            return part
        case Audio(transcript=str(words)):
            losses.append(Loss("audio", path, "meaning", "speech becomes its transcript"))
            return Text(words)
        case Opaque(dialect=dialect) if dialect == NAME:
            return part
        case _:
            kind = part.kind if isinstance(part, Opaque) else str(part.__struct_config__.tag)
            losses.append(Loss(f"part.{kind}", path, "meaning", "the target has no such item"))
            return None


def citations_loss(path: str) -> Loss:
    """A citation of something that has no URL."""
    return Loss("text.citations", path, "degraded", "the dialect cites URLs only")


def signature_loss(path: str) -> Loss:
    """Thinking that its maker could verify, had it not to be shown in another dialect."""
    detail = "thinking is shown without what lets its maker verify it"
    return Loss("reasoning.signature", path, "degraded", detail)
