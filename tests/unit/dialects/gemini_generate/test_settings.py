"""`generationConfig` there and back."""

from typing import Any

import pytest

from counterpoint.canonical import ChatRequest, OutputFormat, ReasoningSettings
from counterpoint.dialects.gemini_generate.objects import put_back
from counterpoint.dialects.gemini_generate.requests import body_of
from counterpoint.dialects.gemini_generate.settings import decode_settings, encode_settings
from counterpoint.dialects.jsonio import Fields
from tests.unit.dialects.gemini_generate.bodies import asked


@pytest.mark.parametrize(
    "config",
    [
        {"temperature": 0, "topP": 0.5, "topK": 3, "candidateCount": 2, "maxOutputTokens": 9, "seed": 1},
        {"stopSequences": [], "presencePenalty": 1, "frequencyPenalty": 2},
        {"responseLogprobs": True, "logprobs": 3},
        {"responseMimeType": "text/plain", "responseModalities": ["TEXT"]},
        {"responseModalities": ["TEXT", "IMAGE"], "speechConfig": {"x": 1}, "mediaResolution": "LOW"},
        {"responseMimeType": "application/json"},
        {"responseMimeType": "application/json", "responseSchema": {"type": "STRING"}},
        {"responseMimeType": "application/json", "responseJsonSchema": {"type": "string"}},
        {"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["a"]}},
        {"responseSchema": {"type": "STRING"}, "responseJsonSchema": {}},
        {"thinkingConfig": {}},
        {"thinkingConfig": {"thinkingBudget": 0}},
        {"thinkingConfig": {"thinkingBudget": -1, "includeThoughts": True}},
        {"thinkingConfig": {"thinkingBudget": 1024, "includeThoughts": False, "new": 1}},
        {"thinkingConfig": {"thinkingLevel": "HIGH"}},
        {"thinkingConfig": {"thinkingLevel": "low"}},
    ],
)
def test_a_setting_comes_back_as_it_was(config: Any) -> None:
    assert body_of(asked(generationConfig=config))["generationConfig"] == config


@pytest.mark.parametrize(
    ("thinking", "settings"),
    [
        ({"thinkingBudget": 0}, ("off", None, None, None)),
        ({"thinkingBudget": -1}, ("adaptive", None, None, None)),
        ({"thinkingBudget": 5, "includeThoughts": True}, ("on", None, 5, "summarized")),
        ({"thinkingLevel": "LOW", "includeThoughts": False}, (None, "low", None, "omitted")),
    ],
)
def test_how_much_to_think(thinking: Any, settings: Any) -> None:
    found = asked(generationConfig={"thinkingConfig": thinking}).reasoning
    assert found is not None
    assert (found.mode, found.effort, found.budget, found.display) == settings


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (OutputFormat("text"), {"responseMimeType": "text/plain"}),
        (OutputFormat("json"), {"responseMimeType": "application/json"}),
        (
            OutputFormat("json_schema", {"type": "string"}),
            {"responseMimeType": "application/json", "responseJsonSchema": {"type": "string"}},
        ),
    ],
)
def test_what_the_answer_must_look_like(output: OutputFormat, said: Any) -> None:
    assert encode_settings(ChatRequest("m", output=output), {}) == said


def test_what_was_left_goes_back_into_its_place() -> None:
    request = asked(generationConfig={"newField": 1}, beside=2)
    left = put_back(request.extensions)
    assert encode_settings(request, left) == {"newField": 1}
    assert left == {"beside": 2}
    assert decode_settings(Fields({})) == ({}, None)
    settings = encode_settings(ChatRequest("m", reasoning=ReasoningSettings(effort="high")), {})
    assert settings == {"thinkingConfig": {"thinkingLevel": "HIGH"}}
