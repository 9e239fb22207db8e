"""Requests of this dialect stay as they are; those of others are changed and it is said."""

from counterpoint.canonical import ChatRequest, Reasoning
from counterpoint.dialects.anthropic_messages.adapting import adapted
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.base import Target
from tests.unit.dialects.anthropic_messages.adapting.asking import asked, said


def test_a_request_of_this_dialect_is_left_alone() -> None:
    request = asked(said("user", ""), said("user", "x"), temperature=2.0, n=3)
    assert adapted(request, Target("m"), NAME) == (request, ())


def test_but_for_thinking_that_was_never_signed() -> None:
    request = asked(said("user", "x"), said("assistant", Reasoning("hm"), "y"))
    after, losses = adapted(request, Target("claude"), NAME)
    assert after.messages[1] == said("assistant", "y")
    assert [(loss.code, loss.path) for loss in losses] == [("reasoning.unsigned", "messages[1].content[0]")]


def test_any_other_is_made_to_fit() -> None:
    after, losses = adapted(ChatRequest("m", temperature=2.0), Target("m"), "openai-chat")
    assert after.temperature == 1.0
    assert {loss.code for loss in losses} == {"temperature.range", "max_output.default"}
