"""Answers of another dialect."""

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    Citation,
    Finish,
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
from counterpoint.dialects.bedrock_converse.adapting.answers import adapted_answer, adapted_part


def adapted(part: Part) -> tuple[Part | None, list[str]]:
    losses: list[Loss] = []
    return adapted_part(part, "p", losses), [loss.code for loss in losses]


def test_parts_that_it_can_say_stay() -> None:
    assert adapted(Text("a")) == (Text("a"), [])
    assert adapted(Refusal("no")) == (Text("no"), [])
    assert adapted(ToolCall("a", "f", "{}")) == (ToolCall("a", "f", "{}"), [])
    picture = Image(Media("data", "AAAA", "image/png"))
    assert adapted(picture) == (picture, [])


def test_what_changes_is_declared() -> None:
    assert adapted(Reasoning("hm", "sig")) == (Reasoning("hm"), ["reasoning.signature"])
    assert adapted(Reasoning(encrypted="x")) == (None, ["reasoning.signature"])
    assert adapted(Audio(transcript="hi")) == (Text("hi"), ["audio"])
    assert adapted(ToolCall("a", "f", "{x"))[1] == ["tool_call.arguments"]
    assert adapted(ToolCall("a", "f", "x", "custom"))[1] == ["tool_call.custom"]
    assert adapted(Opaque("other", "search", {})) == (None, ["part.search"])
    cited = Text("a", (Citation(url="u", start=0, end=1),))
    assert adapted(cited) == (Text("a", (Citation(url="u"),)), ["citation.span"])


def test_one_answer_is_shown() -> None:
    choices = (Choice(0, (Text("a"),), Finish("pause"), {"content": []}), Choice(1, (Text("b"),)))
    response, losses = adapted_answer(ChatResponse("id", "m", choices))
    assert len(response.choices) == 1
    assert [loss.code for loss in losses] == ["n", "logprobs", "finish.reason"]
