"""Requests there and back, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Text
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.camel import camel
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.requests import decode_request, encode_request, renamed, rewritten

HI = {"role": "user", "parts": [{"text": "Hi"}]}


def back(body: Any, model: str = "m") -> Any:
    return json.loads(encode_request(decode_request(json.dumps(body).encode()), Target(model), NAME).body)


@pytest.mark.parametrize(
    "body",
    [
        {"contents": []},
        {"contents": [HI]},
        {"contents": [{"parts": [{"text": "Hi"}]}]},
        {"contents": [{"role": "function", "parts": []}]},
        {"contents": [HI], "systemInstruction": {"role": "user", "parts": [{"text": "s"}]}},
        {"contents": [HI], "generationConfig": {}},
        {
            "contents": [HI],
            "safetySettings": [{"category": "c"}],
            "cachedContent": "c",
            "labels": {"a_b": "c"},
        },
        {"contents": [HI], "tools": [], "toolConfig": {"retrievalConfig": {"languageCode": "fr"}}},
        {"contents": [{**HI, "new": 1}], "~new": 2, "other": None},
        {"generateContentRequest": {"model": "models/m", "contents": [HI]}, "beside": 1},
        {"model": "projects/p/models/m", "contents": [HI]},
    ],
)
def test_a_request_comes_back_as_it_was(body: Any) -> None:
    assert back(body) == body


def test_short_forms_and_snakes_mean_the_same() -> None:
    body = {"contents": HI, "system_instruction": "s"}
    assert back(body) == {"contents": [HI], "systemInstruction": {"parts": [{"text": "s"}]}}
    assert decode_request(json.dumps(body).encode()).messages[0].parts == (Text("s"),)


def test_a_model_in_the_body_is_the_targets() -> None:
    assert back({"model": "models/m", "contents": []}, "n")["model"] == "models/n"
    assert decode_request(b'{"model":"models/m","contents":[]}').model == "m"
    assert renamed("a/models/b/c", "d") == "a/models/d"
    assert renamed("c", "d") == "d"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ('{"contents":[ {"role":"model"}]}', '{"contents":[ {"role":"model"}]}'),
        ('{"contents":[{"text":"\\"model\\":"}]}', '{"contents":[{"text":"\\"model\\":"}]}'),
        ('{"model":"models/m"}', '{"model":"models/n"}'),
        (
            '{"generateContentRequest":{"model":"models/m","contents":[]}}',
            '{"generateContentRequest":{"model":"models/n","contents":[]}}',
        ),
        (
            '{"generate_content_request":{"model":"m"}}',
            '{"generate_content_request":{"model":"n"}}',
        ),
    ],
)
def test_the_relay_changes_the_models_name_alone(body: str, sent: str) -> None:
    assert rewritten(body.encode(), Target("n")).decode() == sent


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "contents"),
        ({"contents": 3}, "contents"),
        ({"contents": [3]}, "contents[0]"),
        ({"contents": [{"role": "robot"}]}, "contents[0].role"),
        ({"contents": [{"parts": [{"text": 3}]}]}, "contents[0].parts[0].text"),
        ({"contents": [], "generationConfig": {"topK": "many"}}, "generationConfig.topK"),
        (
            {"contents": [], "tools": [{"functionDeclarations": [{}]}]},
            "tools[0].functionDeclarations[0].name",
        ),
        ({"generateContentRequest": {"contents": 3}}, "generateContentRequest.contents"),
        ([], None),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(body: Any, param: str | None) -> None:
    with pytest.raises(Refused) as refused:
        decode_request(json.dumps(body).encode())
    assert refused.value.failure.param == param


def test_too_deep_is_refused() -> None:
    for body in (b"[" * 100_000, b'{"contents":' + b'[{"parts":' * 20_000):
        with pytest.raises(Refused):
            decode_request(body)


TEXTS = st.text(max_size=8)
PARTS = st.one_of(
    st.fixed_dictionaries({"text": TEXTS}, optional={"thought": st.booleans(), "thoughtSignature": TEXTS}),
    st.fixed_dictionaries({"inlineData": st.fixed_dictionaries({"mimeType": TEXTS, "data": TEXTS})}),
    st.fixed_dictionaries(
        {
            "functionCall": st.fixed_dictionaries(
                {"name": TEXTS},
                optional={
                    "args": st.dictionaries(TEXTS, st.integers(-9, 9) | TEXTS, max_size=2),
                    "id": TEXTS,
                },
            )
        }
    ),
    st.fixed_dictionaries(
        {
            "functionResponse": st.fixed_dictionaries(
                {"name": TEXTS}, optional={"response": st.dictionaries(TEXTS, TEXTS, max_size=2)}
            )
        }
    ),
)
CONTENTS = st.lists(
    st.fixed_dictionaries(
        {"parts": st.lists(PARTS, max_size=3)}, optional={"role": st.sampled_from(["user", "model"])}
    ),
    max_size=4,
)
CONFIG = st.fixed_dictionaries(
    {},
    optional={
        "topK": st.integers(0, 99),
        "temperature": st.sampled_from([0, 0.5, 1]),
        "stopSequences": st.lists(TEXTS, max_size=2),
        "responseMimeType": st.sampled_from(["text/plain", "application/json", "text/x.enum"]),
        "thinkingConfig": st.fixed_dictionaries(
            {}, optional={"thinkingBudget": st.integers(-1, 99), "includeThoughts": st.booleans()}
        ),
        "newField": st.none() | TEXTS,
    },
)


@given(
    st.fixed_dictionaries({"contents": CONTENTS}, optional={"generationConfig": CONFIG, "labels": st.none()})
)
def test_any_request_comes_back(body: Any) -> None:
    assert back(body) == camel(body)
