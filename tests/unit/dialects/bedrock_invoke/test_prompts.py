"""Bodies with one prompt, of every family."""

import json
from typing import Any

import pytest

from counterpoint.canonical import ChatRequest, Finish, Text, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.bedrock_invoke.prompts import decode_finish, encode_finish
from counterpoint.dialects.registry import CHAT

INVOKE, OPENAI = CHAT["bedrock-invoke"], CHAT["openai-chat"]
REQUESTS: list[dict[str, Any]] = [
    {"prompt": "a", "max_gen_len": 5, "temperature": 0.5, "top_p": 1, "images": ["x"]},
    {"prompt": "a", "max_tokens": 5, "stop": []},
    {"inputText": "a", "textGenerationConfig": {"maxTokenCount": 5, "stopSequences": ["x"], "new": 1}},
    {"inputText": "a", "textGenerationConfig": {}},
    {"inputText": "a"},
    {"prompt": "a", "p": 1, "k": 0, "stream": False, "num_generations": 2, "stop_sequences": ["x"]},
    {"message": "a", "preamble": "p", "chat_history": [{"role": "USER", "message": "b", "x": 1}], "p": 0.5},
    {"message": "a", "chat_history": [{"role": "TOOL"}], "documents": []},
    {"prompt": "\n\nHuman: a\n\nAssistant:", "max_tokens_to_sample": 5, "top_k": 250},
    {"prompt": "a", "maxTokens": 5, "topP": 0.5, "numResults": 1, "countPenalty": {"scale": 0}},
]
ANSWERS: list[dict[str, Any]] = [
    {"generation": "b", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "length"},
    {"outputs": [{"text": "b", "stop_reason": "stop"}]},
    {
        "inputTextTokenCount": 3,
        "results": [{"tokenCount": 2, "outputText": "b", "completionReason": "FINISH"}],
    },
    {"id": "i", "prompt": "a", "generations": [{"id": "g", "text": "b", "finish_reason": "COMPLETE"}]},
    {"response_id": "r", "text": "b", "generation_id": "g", "chat_history": [], "finish_reason": "COMPLETE"},
    {"completion": "b", "stop_reason": "stop_sequence", "stop": "\n\nHuman:"},
    {
        "id": 1,
        "prompt": {"text": "a"},
        "completions": [{"data": {"text": "b", "tokens": []}, "finishReason": {"reason": "endoftext"}}],
    },
]


def decoded(body: dict[str, Any]) -> ChatRequest:
    return INVOKE.decode_request(json.dumps(body).encode())


@pytest.mark.parametrize("body", REQUESTS)
def test_every_request_comes_back(body: dict[str, Any]) -> None:
    encoded = INVOKE.encode_request(decoded(body), Target(""), INVOKE.name)
    assert json.loads(encoded.body) == body
    assert encoded.losses == ()


@pytest.mark.parametrize("body", ANSWERS)
def test_every_answer_comes_back(body: dict[str, Any]) -> None:
    response = INVOKE.decode_response(json.dumps(body).encode())
    assert response.choices[0].parts == (Text("b"),)
    assert json.loads(INVOKE.encode_response(response, INVOKE.name).body) == body


def test_counts_are_read_where_there_are_any() -> None:
    for body in (ANSWERS[0], ANSWERS[2]):
        assert INVOKE.decode_response(json.dumps(body).encode()).usage == Usage(input=3, output=2)
    assert not INVOKE.decode_response(json.dumps(ANSWERS[1]).encode()).usage.reported


TALK = {
    "model": "m",
    "max_tokens": 5,
    "tools": [{"type": "function", "function": {"name": "f"}}],
    "messages": [
        {"role": "system", "content": "s"},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
    ],
}


@pytest.mark.parametrize(
    ("model", "field", "said"),
    [
        (
            "meta.llama3-1-8b-instruct-v1:0",
            "prompt",
            "<|start_header_id|>system<|end_header_id|>\n\ns<|eot_id|>",
        ),
        ("mistral.mistral-7b-instruct-v0:2", "prompt", "[INST] a [/INST] b</s>[INST] c [/INST]"),
        ("amazon.titan-text-lite-v1", "inputText", "User: a\nBot: b\nUser: c\nBot:"),
        ("ai21.j2-mid-v1", "prompt", "Assistant: b"),
    ],
)
def test_a_conversation_is_written_as_its_models_have_read_it(model: str, field: str, said: str) -> None:
    request = OPENAI.decode_request(json.dumps(TALK).encode())
    encoded = INVOKE.encode_request(request, Target(model), OPENAI.name)
    assert said in json.loads(encoded.body)[field]
    assert {"tools", "messages.transcript"} <= {loss.code for loss in encoded.losses}


def test_command_r_is_told_what_was_said_before() -> None:
    request = OPENAI.decode_request(json.dumps(TALK).encode())
    body = json.loads(INVOKE.encode_request(request, Target("cohere.command-r-v1:0"), OPENAI.name).body)
    assert body["message"] == "c"
    assert [turn["role"] for turn in body["chat_history"]] == ["SYSTEM", "USER", "CHATBOT"]


def test_answers_are_in_the_words_of_who_asked() -> None:
    message = {"role": "assistant", "content": "b"}
    choice = {"index": 0, "message": message, "finish_reason": "length"}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    completion = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "usage": usage}
    response = OPENAI.decode_response(json.dumps({**completion, "choices": [choice]}).encode())
    llama = json.loads(INVOKE.encode_response(response, OPENAI.name, decoded(REQUESTS[0])).body)
    assert llama == ANSWERS[0]
    titan = json.loads(INVOKE.encode_response(response, OPENAI.name, decoded(REQUESTS[4])).body)
    assert titan["results"] == [{"outputText": "b", "completionReason": "LENGTH", "tokenCount": 2}]


def test_reasons_to_stop() -> None:
    assert decode_finish(None) is None
    assert decode_finish("CONTENT_FILTERED") == Finish("content_filter", "CONTENT_FILTERED")
    assert encode_finish(None, "titan") == "FINISH"
    assert encode_finish(Finish("length", "length"), "command") == "MAX_TOKENS"
    assert encode_finish(Finish("other", "odd"), "llama") == "stop"


@pytest.mark.parametrize("body", [{}, {"prompt": 5}, {"inputText": "a", "textGenerationConfig": 5}])
def test_what_is_no_request_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        decoded(body)
