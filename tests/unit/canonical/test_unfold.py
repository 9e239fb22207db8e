"""An answer taken apart and put together again."""

from counterpoint.canonical import (
    ChatResponse,
    Choice,
    Citation,
    Finish,
    Image,
    Media,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    Usage,
    fold,
    unfold,
)

ANSWER = ChatResponse(
    id="a",
    model="m",
    created=7,
    choices=(
        Choice(
            0,
            (
                Reasoning("think", "signed", "sealed"),
                Text("Hello", (Citation(quote="q"),)),
                ToolCall("c1", "look", '{"a": 1}'),
                Image(Media("url", "https://x.example/i.png")),
            ),
            Finish("tool_calls"),
            {"content": [{"token": "Hello", "logprob": -0.1}]},
        ),
        Choice(1, (Refusal("no"),), Finish("stop")),
    ),
    usage=Usage(input=3, output=4),
    extensions={"openai-chat": {"x": 1}},
)


def test_an_answer_that_was_taken_apart_is_the_same_again() -> None:
    assert fold(unfold(ANSWER)) == ANSWER


def test_an_answer_whose_usage_nobody_told_has_no_usage_event() -> None:
    bare = ChatResponse(choices=(Choice(0, (Text("x"),), Finish("stop")),))
    assert fold(unfold(bare)) == bare
