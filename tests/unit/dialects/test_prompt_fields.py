"""Losses in bodies of one prompt, told in their makers' words."""

import json
from typing import Any

import pytest

from counterpoint.dialects.base import Target
from counterpoint.dialects.paths import locate
from counterpoint.dialects.prompt_fields import CONFIG, PROMPT, SETTINGS
from counterpoint.dialects.registry import CHAT

INVOKE = CHAT["bedrock-invoke"]
TOLD: dict[str, Any] = {
    "llama": {"prompt": "a", "max_gen_len": 5},
    "mistral": {"prompt": "a", "max_tokens": 5},
    "titan": {"inputText": "a", "textGenerationConfig": {"maxTokenCount": 5}},
    "command": {"prompt": "a", "p": 0.5, "max_tokens": 5},
    "command-r": {"message": "a", "max_tokens": 5},
    "claude-text": {"prompt": "a", "max_tokens_to_sample": 5},
    "jurassic": {"prompt": "a", "maxTokens": 5},
}


@pytest.mark.parametrize("family", SETTINGS)
def test_every_setting_is_found_where_the_maker_has_it(family: str) -> None:
    request = INVOKE.decode_request(json.dumps(TOLD[family]).encode())
    outer = f"{CONFIG[family]}." if family in CONFIG else ""
    for name, word in SETTINGS[family].items():
        assert locate(INVOKE.name, request, name) == outer + word
    assert locate(INVOKE.name, request, "messages[0].parts[0]") == PROMPT.get(family, "prompt")


def test_what_was_said_before_has_its_own_places() -> None:
    history = [{"role": "USER", "message": "b"}, {"role": "CHATBOT", "message": "c"}]
    body = {"message": "a", "preamble": "s", "chat_history": history}
    request = INVOKE.decode_request(json.dumps(body).encode())
    places = [locate(INVOKE.name, request, f"messages[{index}]") for index in range(4)]
    assert places == ["preamble", "chat_history[0].message", "chat_history[1].message", "message"]


def test_a_prompt_that_becomes_a_question_is_declared_in_the_callers_words() -> None:
    for family, there in (("titan", "inputText"), ("llama", "prompt"), ("claude-text", "prompt")):
        request = INVOKE.decode_request(json.dumps(TOLD[family]).encode())
        losses = CHAT["openai-chat"].encode_request(request, Target("m"), INVOKE.name).losses
        assert [(loss.code, loss.path) for loss in losses] == [(f"field.{there}", there)]


def test_settings_of_nova_are_found_in_its_words() -> None:
    body = {"messages": [{"role": "user", "content": [{"text": "a"}]}]}
    for config, paths in (
        ({"max_new_tokens": 5, "topK": 2}, ["inferenceConfig.max_new_tokens", "inferenceConfig.topK"]),
        ({"maxTokens": 5, "topK": 2}, ["inferenceConfig.maxTokens", "inferenceConfig.topK"]),
    ):
        request = INVOKE.decode_request(json.dumps({**body, "inferenceConfig": config}).encode())
        assert [locate(INVOKE.name, request, name) for name in ("max_output", "top_k")] == paths
