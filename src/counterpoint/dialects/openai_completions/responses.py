"""Whole answers, to canonical and back."""

from typing import Any

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    Choice,
    Finish,
    Loss,
    Opaque,
    Part,
    Refusal,
    Text,
)
from counterpoint.dialects.base import Encoded
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields, encode
from counterpoint.dialects.leftovers import answer_losses
from counterpoint.dialects.openai_chat.finishing import finish_from, finish_reason, inferred_finish
from counterpoint.dialects.openai_chat.responses import answer_object
from counterpoint.dialects.openai_chat.usage import usage_body, usage_from
from counterpoint.dialects.openai_completions.logprobs import decode_logprobs, encode_logprobs
from counterpoint.dialects.openai_completions.names import NAME
from counterpoint.dialects.openai_completions.requests import echoed
from counterpoint.dialects.transcript import kind_of

KIND = "text_completion"
_REASONS = {"stop", "length", "content_filter"}
_PLAIN = ("prompt_tokens", "completion_tokens", "total_tokens")


def decode_response(body: bytes) -> ChatResponse:
    """Raises `Refused` with the failure that the body reports, or if it is not an answer at all."""
    fields = Fields(answer_object(body), strict=False)
    choices = fields.needed("choices", fields.array)
    decoded = [
        decode_choice(fields.item(item, "choices", place), place) for place, item in enumerate(choices)
    ]
    usage = fields.object("usage")
    kept: dict[str, Any] = {} if usage is None else {"~usage": usage}
    if fields.left.get("object") == KIND:
        del fields.left["object"]
    return ChatResponse(
        id=fields.text("id") or "",
        model=fields.text("model") or "",
        choices=tuple(decoded),
        usage=usage_from(usage),
        created=fields.integer("created"),
        service_tier=fields.text("service_tier"),
        extensions=extras(NAME, fields.left | kept),
    )


def decode_choice(fields: Fields, place: int) -> Choice:
    """One of the answers."""
    text, index = fields.text("text"), fields.integer("index")
    raw, probable = fields.any("finish_reason"), fields.any("logprobs")
    stop = fields.left.get("stop_reason")
    entries = decode_logprobs(probable)
    kept: dict[str, Any] = {} if probable is None else {"~logprobs": probable}
    if "stop_reason" in fields.left:
        kept["~stop_reason"] = [fields.any("stop_reason")]
    return Choice(
        place if index is None else index,
        (Text(text),) if text else (),
        finish_from(raw, stop) or inferred_finish(called=False),
        None if entries is None else {"content": entries},
        extras(NAME, fields.left | kept),
    )


def encode_response(
    response: ChatResponse, source: str, created: int, asked: ChatRequest | None = None
) -> Encoded:
    """The body for a client. `created`: the time now, for an answer that has none of its own."""
    own = source == NAME
    losses: list[Loss] = [] if own else list(answer_losses(response.extensions, NAME, ""))
    before = "" if own else echoed(asked)
    body: dict[str, Any] = {
        "id": response.id,
        "object": KIND,
        "created": created if response.created is None else response.created,
        "model": response.model,
        "choices": [_encode_choice(choice, own, before, losses) for choice in response.choices],
    }
    usage = spelling(response.extensions, NAME, "usage")
    if usage is not None:
        body["usage"] = usage
    elif response.usage.reported:
        body["usage"] = plain_usage(usage_body(response.usage))
    if response.service_tier is not None:
        body["service_tier"] = response.service_tier
    return Encoded(encode({**body, **fields_of(response.extensions, NAME)}), tuple(losses))


def plain_usage(usage: dict[str, Any]) -> dict[str, Any]:
    """The counts, with details only where they say something."""
    return {name: value for name, value in usage.items() if name in _PLAIN or any((value or {}).values())}


def _encode_choice(choice: Choice, own: bool, before: str, losses: list[Loss]) -> dict[str, Any]:
    path = f"choices[{choice.index}]"
    if not own:
        losses.extend(answer_losses(choice.extensions, NAME, path))
    words = [
        said
        for place, part in enumerate(choice.parts)
        if (said := words_of(part, f"{path}.parts[{place}]", own, losses)) is not None
    ]
    probable = spelling(choice.extensions, NAME, "logprobs")
    if probable is None and isinstance(choice.logprobs, dict):
        probable = encode_logprobs(choice.logprobs.get("content"), len(before))
    stop = spelling(choice.extensions, NAME, "stop_reason")
    return {
        "text": before + "".join(words),
        "index": choice.index,
        "logprobs": probable,
        "finish_reason": reason_of(choice.finish, own=own),
        **({"stop_reason": stop[0]} if stop else {}),
        **fields_of(choice.extensions, NAME),
    }


def reason_of(finish: Finish | None, *, own: bool) -> str | None:
    """Why an answer ended; one that would have gone on with a tool's result just stops here."""
    word = finish_reason(finish, own=own)
    return word if own or word is None or word in _REASONS else "stop"


def words_of(part: Part, path: str, own: bool, losses: list[Loss]) -> str | None:
    """What a part adds to the text; `None` (declared): nothing."""
    if not own and not isinstance(part, Opaque):
        losses.extend(answer_losses(part.extensions, NAME, path))
    match part:
        case Text(text):
            if part.citations:
                losses.append(Loss("text.citations", path, "degraded", "a completion cites nothing"))
            return text
        case Refusal(text):
            losses.append(Loss("refusal", path, "degraded", "a refusal becomes text"))
            return text
        case _:
            kind = kind_of(part)
            severity: Any = "degraded" if kind == "reasoning" else "meaning"
            losses.append(Loss(f"part.{kind}", path, severity, "a completion holds text only"))
            return None
