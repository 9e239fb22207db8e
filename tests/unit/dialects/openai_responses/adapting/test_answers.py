"""An answer of another dialect, as a client of this one takes it."""

import pytest

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    Citation,
    Finish,
    Loss,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.openai_responses.adapting.answers import (
    adapted_answer,
    adapted_part,
    citations_loss,
    entry_of,
    finish_losses,
    signature_loss,
    tier_losses,
)


@pytest.mark.parametrize(
    ("part", "adapted", "code"),
    [
        (Text("a"), Text("a"), None),
        (Text(""), None, None),
        (Text("a", (Citation(document=0),)), Text("a", (Citation(document=0),)), "text.citations"),
        (Reasoning("hm", "S"), Reasoning("hm"), "reasoning.signature"),
        (Reasoning(encrypted="E"), None, "reasoning.signature"),
        (ToolCall("c", "f"), ToolCall("c", "f"), None),
        (Refusal("no"), Refusal("no"), None),
        (Audio(transcript="words"), Text("words"), "audio"),
        (Opaque("elsewhere", "search", {}), None, "part.search"),
    ],
)
def test_each_part(part: Part, adapted: Part | None, code: str | None) -> None:
    losses: list[Loss] = []
    assert adapted_part(part, "p", losses) == adapted
    assert [loss.code for loss in losses] == ([code] if code else [])


def test_one_answer_is_shown_with_what_it_loses() -> None:
    logprobs = {"content": [{"token": "a", "logprob": -1.0}]}
    first = Choice(0, (Text("a"),), Finish("pause"), logprobs)
    response = ChatResponse("r", "m", (first, Choice(1)), service_tier="on_demand")
    adapted, losses = adapted_answer(response)
    assert len(adapted.choices) == 1
    assert adapted.service_tier is None
    assert [loss.code for loss in losses] == ["n", "finish.reason", "service_tier"]
    (part,) = adapted.choices[0].parts
    assert isinstance(part, Text)
    entry = {"token": "a", "logprob": -1.0, "bytes": [], "top_logprobs": []}
    assert part.extensions["openai-responses"]["~logprobs"] == [entry]


def test_losses_have_their_codes() -> None:
    assert finish_losses(Finish("stop")) == []
    assert tier_losses("flex") == []
    assert entry_of("odd") == "odd"
    assert (citations_loss("p").path, signature_loss("p").severity) == ("p", "degraded")
