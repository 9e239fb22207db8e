"""What Mistral refuses is adapted, and what that loses is declared."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    ChatRequest,
    Document,
    Media,
    Message,
    ReasoningSettings,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.base import Target
from counterpoint.dialects.mistral_chat.adapting import short_id
from counterpoint.dialects.mistral_chat.requests import encode_request

HI = (Message("user", (Text("Hi"),)),)


def sent(request: ChatRequest, model: str = "mistral-large-latest") -> tuple[Any, dict[str, str]]:
    encoded = encode_request(request, Target(model), "openai-chat")
    return json.loads(encoded.body), {loss.code: loss.severity for loss in encoded.losses}


@given(st.text(max_size=40))
def test_an_id_has_nine_letters_and_digits(call_id: str) -> None:
    short = short_id(call_id)
    assert len(short) == 9
    assert short.isascii()
    assert short.isalnum()
    assert short_id(short) == short


@pytest.mark.parametrize(
    ("changes", "losses"),
    [
        ({"logprobs": True, "top_logprobs": 2}, {"logprobs": "degraded", "top_logprobs": "degraded"}),
        ({"user": "u", "service_tier": "flex"}, {"user": "cosmetic", "service_tier": "degraded"}),
        ({"top_k": 3}, {"top_k": "degraded"}),
        (
            {"extensions": {"openai-chat": {"logit_bias": {}, "prediction": {"a": 1}}}},
            {"field.logit_bias": "meaning"},
        ),
        ({"metadata": {"a": "b"}, "logprobs": False}, {}),
    ],
)
def test_fields_that_it_does_not_know_are_not_sent(changes: dict[str, Any], losses: dict[str, str]) -> None:
    body, found = sent(ChatRequest("m", HI, **changes))
    assert found == losses
    assert body.keys() <= {"model", "messages", "metadata", "prediction"}


def test_calls_and_results_keep_belonging_together() -> None:
    call, result = ToolCall("call_1", "f", "{}"), ToolResult("call_1", (Text("x"),))
    body, losses = sent(ChatRequest("m", (*HI, Message("assistant", (call,)), Message("tool", (result,)))))
    assert (
        body["messages"][1]["tool_calls"][0]["id"]
        == body["messages"][2]["tool_call_id"]
        == short_id("call_1")
    )
    assert losses == {"tool_call.id": "cosmetic"}


def test_an_answer_that_was_begun_is_marked() -> None:
    body, losses = sent(ChatRequest("m", (*HI, Message("assistant", (Text("So"),)))))
    assert body["messages"][-1] == {"role": "assistant", "content": "So", "prefix": True}
    assert losses == {}


def test_documents_may_have_an_address() -> None:
    document = Document(Media("url", "https://a.example/b.pdf", "application/pdf", "b.pdf"))
    body, _ = sent(ChatRequest("m", (Message("user", (document,)),)))
    assert body["messages"][0]["content"] == [
        {"type": "document_url", "document_url": "https://a.example/b.pdf", "document_name": "b.pdf"}
    ]


def test_only_some_models_are_told_how_much_to_think() -> None:
    request = ChatRequest("m", HI, reasoning=ReasoningSettings(effort="low"))
    assert sent(request, "mistral-small-latest")[0]["reasoning_effort"] == "high"
    assert sent(request) == (sent(ChatRequest("m", HI))[0], {"reasoning.unavailable": "degraded"})
    off = ChatRequest("m", HI, reasoning=ReasoningSettings("off"))
    assert sent(off, "mistral-small-latest")[0]["reasoning_effort"] == "none"
    assert sent(off) == (sent(ChatRequest("m", HI))[0], {"reasoning.off": "cosmetic"})


def test_others_words_become_its_own() -> None:
    messages = (
        Message("developer", (Text("Rule."),)),
        Message("user", (Text("Hi"),), "ann"),
        Message("assistant", (Refusal("No."), ToolCall("abcdefghi", "f", "x", "custom"))),
    )
    body, losses = sent(ChatRequest("m", messages, (Tool("f", kind="custom"), Tool("g"))))
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant"]
    assert "name" not in body["messages"][1]
    assert body["messages"][2]["content"] == "No."
    assert json.loads(body["messages"][2]["tool_calls"][0]["function"]["arguments"]) == {"input": "x"}
    assert [tool["type"] for tool in body["tools"]] == ["function", "function"]
    assert set(losses) == {"message.role", "message.name", "part.refusal", "tool.custom", "tool_call.custom"}
