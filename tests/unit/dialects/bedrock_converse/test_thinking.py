"""How much to think, in each maker's words."""

from typing import Any

import pytest

from counterpoint.canonical import ReasoningSettings
from counterpoint.dialects.bedrock_converse.thinking import in_words_of, maker_of, shown_by
from tests.unit.dialects.bedrock_converse.bodies import asked, decoded, home_again

CASES: list[tuple[dict[str, Any], ReasoningSettings]] = [
    ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, ReasoningSettings("on", budget=2000)),
    ({"reasoning_config": {"type": "disabled"}}, ReasoningSettings("off")),
    (
        {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}},
        ReasoningSettings("adaptive", "high"),
    ),
    (
        {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}},
        ReasoningSettings("on", "low"),
    ),
    ({"reasoning_effort": "high"}, ReasoningSettings(effort="high")),
    ({"reasoning_config": "high"}, ReasoningSettings(effort="high")),
    ({"output_config": {"effort": "low", "x": 1}}, ReasoningSettings(effort="low")),
]


@pytest.mark.parametrize(("more", "settings"), CASES)
def test_every_makers_words_are_understood_and_come_back(
    more: dict[str, Any], settings: ReasoningSettings
) -> None:
    body = asked(additionalModelRequestFields=more)
    found = decoded(body).reasoning
    assert found is not None
    assert (found.mode, found.effort, found.budget) == (settings.mode, settings.effort, settings.budget)
    assert home_again(body) == body


@pytest.mark.parametrize("more", [{"top_k": 5}, {"inferenceConfig": {"topK": 5, "x": 1}}])
def test_top_k_is_found_where_each_maker_has_it(more: dict[str, Any]) -> None:
    body = asked(additionalModelRequestFields=more)
    assert decoded(body).top_k == 5
    assert home_again(body) == body


def test_makers_are_told_by_the_models_id() -> None:
    assert maker_of("eu.anthropic.claude-haiku-4-5-20251001-v1:0") == "claude"
    assert maker_of("amazon.nova-2-lite-v1:0") == "nova2"
    assert maker_of("us.amazon.nova-pro-v1:0") == "nova"
    assert maker_of("openai.gpt-oss-120b-1:0") == "gpt-oss"
    assert maker_of("arn:aws:bedrock:us-east-1:1:application-inference-profile/x") == "other"
    assert in_words_of("other", ReasoningSettings("on")) is None


@pytest.mark.parametrize(
    ("model", "shows"),
    [
        ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", True),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", True),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", True),
        ("global.anthropic.claude-opus-4-6-v1", True),
        ("global.anthropic.claude-opus-4-7", False),
        ("global.anthropic.claude-opus-5", False),
    ],
)
def test_only_models_that_hide_their_thinking_are_asked_to_show_it(model: str, shows: bool) -> None:
    asked = ReasoningSettings("on", budget=1024, display="summarized")
    assert shown_by(model, asked).display == (None if shows else "summarized")
    hidden = ReasoningSettings("on", budget=1024, display="omitted")
    assert shown_by(model, hidden) == hidden
