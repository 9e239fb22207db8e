"""What Cohere cannot say is adapted, and what that loses is declared."""

import json
from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    ChatResponse,
    Choice,
    Document,
    Finish,
    Image,
    Media,
    Message,
    Opaque,
    OpaqueTool,
    Part,
    Reasoning,
    ReasoningSettings,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
)
from counterpoint.dialects.base import Target
from counterpoint.dialects.cohere_chat.adapting import adapted_answer
from counterpoint.dialects.cohere_chat.request_encoding import encode_request

HI = (Message("user", (Text("Hi"),)),)
PICTURE = Image(Media("url", "https://a.example/b.png"))


def sent(request: ChatRequest, model: str = "command-a-03-2025") -> tuple[Any, dict[str, str]]:
    encoded = encode_request(request, Target(model), "openai-chat")
    return json.loads(encoded.body), {loss.code: loss.severity for loss in encoded.losses}


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"n": 2}, "n", "meaning"),
        ({"top_p": 1.0}, "top_p.range", "degraded"),
        ({"presence_penalty": -1.0}, "presence_penalty.range", "degraded"),
        ({"stop": tuple("abcdef")}, "stop.count", "degraded"),
        ({"user": "u"}, "user", "cosmetic"),
        ({"metadata": {"a": "b"}}, "metadata", "cosmetic"),
        ({"service_tier": "flex"}, "service_tier", "degraded"),
        ({"top_logprobs": 2}, "top_logprobs", "degraded"),
        ({"parallel_tool_calls": False}, "parallel_tool_calls", "degraded"),
        ({"tools": (OpaqueTool("x", "web_search", {}),)}, "tool.web_search", "meaning"),
        ({"tool_choice": ToolChoice("required")}, "tool_choice", "meaning"),
        ({"reasoning": ReasoningSettings(effort="high")}, "reasoning.unavailable", "degraded"),
        ({"extensions": {"openai-chat": {"logit_bias": {"1": 2}}}}, "field.logit_bias", "meaning"),
    ],
)
def test_a_setting_that_is_lost_is_declared(changes: dict[str, Any], code: str, severity: str) -> None:
    _, losses = sent(ChatRequest("m", HI, **changes))
    assert losses == {code: severity}


def test_values_out_of_range_become_the_nearest() -> None:
    body, _ = sent(ChatRequest("m", HI, top_p=1.0, frequency_penalty=2.0, stop=tuple("abcdef")))
    assert (body["p"], body["frequency_penalty"], body["stop_sequences"]) == (0.99, 1.0, list("abcde"))


def test_only_some_models_are_told_to_think() -> None:
    request = ChatRequest("m", HI, reasoning=ReasoningSettings(budget=9))
    body, losses = sent(request, "command-a-reasoning-08-2025")
    assert body["thinking"] == {"type": "enabled", "token_budget": 9}
    assert losses == {"reasoning.effort": "degraded"}
    off = ChatRequest("m", HI, reasoning=ReasoningSettings("off"))
    assert sent(off, "command-a-reasoning-08-2025")[0]["thinking"] == {"type": "disabled"}
    assert sent(off) == (sent(ChatRequest("m", HI))[0], {"reasoning.off": "cosmetic"})


def test_one_tool_can_be_forced_and_one_of_many_cannot() -> None:
    one, two = Tool("a"), Tool("b")
    forced = ToolChoice("tool", "a")
    assert sent(ChatRequest("m", HI, (one,), forced))[1] == {"tool_choice.name": "cosmetic"}
    body, losses = sent(ChatRequest("m", HI, (one, two), forced))
    assert (body["tool_choice"], losses) == ("REQUIRED", {"tool_choice.name": "meaning"})


@pytest.mark.parametrize(
    ("role", "part", "code", "left"),
    [
        ("user", Audio(Media("data", "AA", "audio/wav")), "part.audio", None),
        ("user", Opaque("x", "gadget", {}), "part.gadget", None),
        ("user", Document(Media("data", "AA", "application/pdf")), "part.document", None),
        ("user", Image(Media("file", "f")), "part.image", None),
        ("assistant", Refusal("No."), "part.refusal", {"type": "text", "text": "No."}),
        ("assistant", Reasoning("Hm", "signed"), "reasoning.signature", None),
        ("assistant", Reasoning(""), "reasoning.text", None),
    ],
)
def test_a_part_that_is_lost_is_declared(role: Any, part: Part, code: str, left: Any) -> None:
    body, losses = sent(ChatRequest("m", (*HI, Message(role, (part,)))))
    assert code in losses
    said = [piece for message in body["messages"][1:] for piece in message.get("content", [])]
    assert said == ([] if left is None else [left])


def test_documents_are_listed_apart() -> None:
    text = Document(Media("text", "words"), "Title", "from a book")
    body, losses = sent(ChatRequest("m", (Message("user", (Text("Read."), text)),)))
    assert body["documents"] == [{"data": {"title": "Title", "context": "from a book", "text": "words"}}]
    assert losses == {"document.place": "degraded", "message.order": "degraded"}


def test_pictures_in_results_follow_as_the_users() -> None:
    result = ToolResult("c", (Text("see"), PICTURE), is_error=True)
    body, losses = sent(ChatRequest("m", (Message("user", (result, Text("Well?"))),)))
    assert [message["role"] for message in body["messages"]] == ["tool", "user"]
    assert [piece["type"] for piece in body["messages"][1]["content"]] == ["image_url", "text"]
    assert set(losses) == {"tool_result.image", "tool_result.is_error"}


def test_free_text_tools_take_an_object() -> None:
    call = ToolCall("c", "f", "print(1)", "custom")
    request = ChatRequest("m", (*HI, Message("assistant", (call,))), (Tool("f", kind="custom"),))
    body, losses = sent(request)
    function = body["messages"][1]["tool_calls"][0]["function"]
    assert json.loads(function["arguments"]) == {"input": "print(1)"}
    assert body["tools"][0]["function"]["parameters"]["required"] == ["input"]
    assert set(losses) == {"tool.custom", "tool_call.custom"}


def test_developers_speak_as_the_system() -> None:
    body, losses = sent(ChatRequest("m", (Message("developer", (Text("Rule."),), "ann"), *HI)))
    assert body["messages"][0] == {"role": "system", "content": "Rule."}
    assert set(losses) == {"message.role", "message.name"}


def test_words_after_a_call_are_out_of_order() -> None:
    turn = Message("assistant", (ToolCall("c", "f", ""), Text("after")))
    body, losses = sent(ChatRequest("m", (*HI, turn)))
    assert losses == {"message.order": "degraded"}
    assert body["messages"][1]["tool_calls"][0]["function"]["arguments"] == "{}"


def test_an_answer_keeps_what_clients_know() -> None:
    parts = (
        Reasoning("Hm", "signed"),
        Text("Hi"),
        Refusal("No."),
        Audio(transcript="spoken"),
        ToolCall("c", "f", "x", "custom"),
        PICTURE,
        Opaque("x", "gadget", {}),
    )
    other = Choice(1, (Text("second"),))
    response = ChatResponse(choices=(Choice(0, parts, Finish("pause")), other))
    adapted, losses = adapted_answer(response)
    assert [type(part).__name__ for part in adapted.choices[0].parts] == [
        *("Reasoning", "Text", "Text", "Text", "ToolCall")
    ]
    assert {loss.code for loss in losses} == {
        *("n", "finish.reason", "reasoning.signature", "part.audio", "tool_call.custom", "part.image"),
        "part.gadget",
    }


def test_text_that_is_sent_as_data_is_text() -> None:
    data = Document(Media("data", "d29yZHM=", "text/plain"), "T")
    body, losses = sent(ChatRequest("m", (Message("user", (data,)),)))
    assert body["documents"] == [{"data": {"title": "T", "text": "words"}}]
    assert losses == {"document.place": "degraded"}
    broken = Document(Media("data", "\u00ff", "text/plain"))
    assert sent(ChatRequest("m", (Message("user", (broken,)),)))[1] == {"part.document": "meaning"}
