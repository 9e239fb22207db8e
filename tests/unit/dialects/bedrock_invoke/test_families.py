"""Whose bodies are meant."""

from typing import Any

import pytest

from counterpoint.dialects.bedrock_invoke.families import (
    Family,
    family_of_answer,
    family_of_model,
    family_of_request,
)

MODELS: list[tuple[str, Family | None]] = [
    ("us.anthropic.claude-opus-4-6-v1", "anthropic"),
    ("amazon.nova-micro-v1:0", "nova"),
    ("meta.llama3-1-70b-instruct-v1:0", "llama"),
    ("mistral.mixtral-8x7b-instruct-v0:1", "mistral"),
    ("mistral.mistral-large-2407-v1:0", "chat"),
    ("amazon.titan-text-lite-v1", "titan"),
    ("cohere.command-r-v1:0", "command-r"),
    ("cohere.command-light-text-v14", "command"),
    ("ai21.j2-mid-v1", "jurassic"),
    ("ai21.jamba-1-5-mini-v1:0", "chat"),
    ("arn:aws:bedrock:us-east-1:1:application-inference-profile/x", None),
]
REQUESTS: list[tuple[dict[str, Any], Family | None]] = [
    ({"anthropic_version": "bedrock-2023-05-31", "messages": []}, "anthropic"),
    ({"messages": [{"role": "user", "content": [{"text": "a"}]}]}, "nova"),
    ({"messages": [{"role": "user", "content": "a"}]}, "chat"),
    ({"inputText": "a"}, "titan"),
    ({"message": "a"}, "command-r"),
    ({"prompt": "a", "max_gen_len": 5}, "llama"),
    ({"prompt": "a", "max_tokens_to_sample": 5}, "claude-text"),
    ({"prompt": "a", "maxTokens": 5}, "jurassic"),
    ({"prompt": "a", "num_generations": 1}, "command"),
    ({"prompt": "a", "max_tokens": 5}, "mistral"),
    ({}, None),
]
ANSWERS: list[tuple[dict[str, Any], Family | None]] = [
    ({"type": "message"}, "anthropic"),
    ({"output": {}}, "nova"),
    ({"contentBlockDelta": {}}, "nova"),
    ({"choices": []}, "chat"),
    ({"generation": "a"}, "llama"),
    ({"outputs": []}, "mistral"),
    ({"results": [{"outputText": "a"}], "inputTextTokenCount": 1}, "titan"),
    ({"generations": []}, "command"),
    ({"text": "a", "generation_id": "b"}, "command-r"),
    ({"completion": "a"}, "claude-text"),
    ({"completions": []}, "jurassic"),
    ({"embedding": []}, None),
]


@pytest.mark.parametrize(("model", "family"), MODELS)
def test_by_the_models_id(model: str, family: Family | None) -> None:
    assert family_of_model(model) == family


@pytest.mark.parametrize(("body", "family"), REQUESTS)
def test_by_what_is_asked(body: dict[str, Any], family: Family | None) -> None:
    assert family_of_request(body) == family


@pytest.mark.parametrize(("body", "family"), ANSWERS)
def test_by_what_is_answered(body: dict[str, Any], family: Family | None) -> None:
    assert family_of_answer(body) == family
