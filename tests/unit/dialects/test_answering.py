"""What answers lose everywhere."""

import json

import pytest

from counterpoint.canonical import Loss, ToolCall
from counterpoint.dialects.answering import IN_ANSWERS, adapted_call
from counterpoint.dialects.gemini_generate.parts import arguments_object


def test_most_of_what_an_answer_says_beside_is_worth_little() -> None:
    assert IN_ANSWERS.get("system_fingerprint", "meaning") == "cosmetic"
    assert IN_ANSWERS.get("refusal") == "meaning"


@pytest.mark.parametrize(
    ("call", "arguments", "codes"),
    [
        (ToolCall("1", "f", "{}"), {}, []),
        (ToolCall("1", "f", "[1]"), [1], ["tool_call.arguments"]),
        (ToolCall("1", "f", "SELECT", kind="custom"), {"input": "SELECT"}, ["tool_call.custom"]),
    ],
)
def test_a_call_becomes_one_with_an_object(call: ToolCall, arguments: object, codes: list[str]) -> None:
    losses: list[Loss] = []
    assert json.loads(adapted_call(call, "p", losses, arguments_object).arguments) == arguments
    assert [loss.code for loss in losses] == codes
