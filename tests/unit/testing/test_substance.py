"""What of an answer may not change in silence."""

from counterpoint.canonical import ChatResponse, Choice, Loss, Reasoning, Text, ToolCall
from counterpoint.canonical.finish import Finish
from counterpoint.testing.substance import changes, substance


def answer(*parts: Text | Reasoning | ToolCall, finish: Finish | None = None) -> ChatResponse:
    return ChatResponse(id="1", model="m", choices=(Choice(parts=parts, finish=finish),))


def test_a_lost_word_must_be_declared() -> None:
    before, after = substance(answer(Text("yes"))), substance(answer(Text("")))
    assert list(changes(before, after, ())) == ["words"]
    assert list(changes(before, after, (Loss("a", "", "cosmetic"),))) == ["words"]
    assert list(changes(before, after, (Loss("a", "", "meaning"),))) == []


def test_arguments_are_the_json_that_they_are() -> None:
    one = answer(ToolCall("1", "f", '{"a": 1, "b": 2}'))
    other = answer(ToolCall("2", "f", '{"b":2,"a":1}'))
    assert substance(one) == substance(other)
    assert substance(answer(ToolCall("1", "f", "{broken"))) != substance(one)


def test_a_forced_call_ends_as_a_call() -> None:
    call = ToolCall("1", "f")
    assert substance(answer(call, finish=Finish("stop"))) == substance(
        answer(call, finish=Finish("tool_calls"))
    )
    assert substance(answer(finish=Finish("stop"))) != substance(answer(finish=Finish("length")))
    assert substance(answer(finish=Finish("refusal"))) == substance(answer(finish=Finish("content_filter")))
