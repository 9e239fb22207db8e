"""Whole answers, from hosts of every habit and for clients of this dialect."""

import json
from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    ChatResponse,
    Choice,
    Citation,
    FailureKind,
    Finish,
    Media,
    Opaque,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    Usage,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_chat.responses import decode_response, encode_response

USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


def answer(message: Any = None, finish: Any = "stop", **fields: Any) -> bytes:
    choice = {
        "index": 0,
        "message": {"role": "assistant", **(message or {"content": "x"})},
        "finish_reason": finish,
    }
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 7,
        "model": "m",
        "choices": [choice],
        "usage": USAGE,
    }
    return json.dumps({**body, **fields}).encode()


def shown(
    *parts: Any, finish: Finish | None = None, source: str = "elsewhere", **fields: Any
) -> tuple[Any, Any]:
    response = ChatResponse("r1", "m", (Choice(0, parts, finish),), Usage(input=3, output=2), **fields)
    encoded = encode_response(response, source, 99)
    return json.loads(encoded.body), [(loss.code, loss.path) for loss in encoded.losses]


def test_an_answer_is_understood() -> None:
    response = decode_response(answer(service_tier="default", system_fingerprint="fp"))
    assert (response.id, response.model, response.created, response.service_tier) == ("c1", "m", 7, "default")
    assert response.usage == Usage(input=3, output=2)
    assert response.choices == (Choice(0, (Text("x"),), Finish("stop", "stop")),)
    assert response.extensions["openai-chat"]["system_fingerprint"] == "fp"


AS_WRITTEN: list[dict[str, Any]] = [
    {"message": {"content": "x", "refusal": None, "annotations": []}},
    {
        "message": {
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        }
    },
    {
        "message": {"content": None, "function_call": {"name": "f", "arguments": "{}"}},
        "finish": "function_call",
    },
    {
        "message": {
            "content": "x",
            "reasoning": "hm",
            "reasoning_details": [{"type": "reasoning.text", "text": "hm"}],
        }
    },
    {"message": {"content": "x", "reasoning_content": "hm", "executed_tools": [{"index": 0}]}},
    {
        "message": {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "a"}]},
                {"type": "text", "text": "x"},
            ]
        }
    },
    {"message": {"content": {"title": "T"}}},
    {"message": {"content": None, "audio": {"id": "a", "data": "AA==", "transcript": "hi", "expires_at": 9}}},
    {"message": {"content": "x", "~odd": 1}, "choice~": 2},
    {
        "service_tier": None,
        "provider": "P",
        "citations": ["https://x"],
        "search_results": [{"url": "https://x", "title": "X"}],
    },
    {"usage": {**USAGE, "cost": 0.1, "is_byok": False}},
    {"system_fingerprint": "fp", "x_groq": {"id": "r"}, "prompt_filter_results": []},
]


@pytest.mark.parametrize("fields", AS_WRITTEN)
def test_an_answer_of_this_dialect_goes_on_as_it_came(fields: dict[str, Any]) -> None:
    body = answer(**fields)
    encoded = encode_response(decode_response(body), "openai-chat", 0)
    assert json.loads(encoded.body) == json.loads(body)
    assert encoded.losses == ()


def test_fields_of_choices_and_logprobs_are_kept() -> None:
    choice = {
        "index": 1,
        "message": {"role": "assistant", "content": "x"},
        "finish_reason": "stop",
        "stop_reason": "END",
        "logprobs": {"content": [{"token": "x"}], "refusal": None},
        "content_filter_results": {"hate": {"filtered": False}},
    }
    body = answer(choices=[choice])
    response = decode_response(body)
    assert response.choices[0].finish == Finish("stop", "stop", "END")
    assert response.choices[0].logprobs == {"content": [{"token": "x"}], "refusal": None}
    assert json.loads(encode_response(response, "openai-chat", 0).body)["choices"] == [choice]


def test_an_answer_without_reason_or_ids_gets_them() -> None:
    call = {"type": "function", "function": {"name": "f", "arguments": "{}"}}
    [choice] = decode_response(answer({"content": None, "tool_calls": [call, call]}, finish="")).choices
    assert choice.finish == Finish("tool_calls")
    assert [part.id for part in choice.parts if isinstance(part, ToolCall)] == ["call_c1_0_0", "call_c1_0_1"]
    assert decode_response(answer(finish=None)).choices[0].finish == Finish("stop")
    details = {"index": 0, "message": {"content": "x"}, "finish_details": {"type": "max_tokens"}}
    assert decode_response(answer(choices=[details])).choices[0].finish == Finish("length")


def test_sources_of_the_whole_answer_are_citations() -> None:
    body = answer(citations=["https://x", 3], search_results=[{"url": "https://x", "title": "X"}])
    [text] = decode_response(body).choices[0].parts
    assert isinstance(text, Text)
    assert [(citation.url, citation.title) for citation in text.citations] == [("https://x", "X")]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"<html>", b'{"choices":3}', b'{"choices":[3]}', b"3"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode_response(body)
    assert caught.value.failure.kind is FailureKind.upstream_error
    assert caught.value.failure.from_upstream


def test_a_failure_with_a_good_status_is_told() -> None:
    with pytest.raises(Refused) as caught:
        decode_response(b'{"error":{"message":"filtered","code":"content_filter","status":400}}')
    assert caught.value.failure.message == "filtered"


def test_an_answer_of_another_dialect_has_the_official_fields() -> None:
    body, losses = shown(Text("x"), finish=Finish("stop", "end_turn"))
    assert body == {
        "id": "r1",
        "object": "chat.completion",
        "created": 99,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "x", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            **USAGE,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
    }
    assert losses == []


def test_texts_become_one_and_their_citations_move_along() -> None:
    cited = Text("bb", (Citation(url="https://x", title="X", start=0, end=2),))
    body, losses = shown(Reasoning("hm", "s"), Text("aa"), cited, ToolCall("t", "f", "{}"), Refusal("no"))
    message = body["choices"][0]["message"]
    assert (message["content"], message["reasoning_content"], message["refusal"]) == ("aabb", "hm", "no")
    assert message["annotations"][0]["url_citation"] == {
        "url": "https://x",
        "title": "X",
        "start_index": 2,
        "end_index": 4,
    }
    assert losses == [("reasoning.signature", "choices[0].parts[0]")]


def test_what_cannot_be_shown_is_declared() -> None:
    text = Text("x", (Citation(quote="q", document=0),))
    _, losses = shown(
        text, Opaque("elsewhere", "server_tool_use", {}), extensions={"elsewhere": {"container": {}}}
    )
    assert losses == [
        ("field.container", "container"),
        ("text.citations", "choices[0].parts[0]"),
        ("part.server_tool_use", "choices[0].parts[1]"),
    ]


def test_sound_is_shown_and_an_unknown_usage_is_not() -> None:
    body, _ = shown(Audio(Media("data", "AA=="), "hi", "a"))
    assert body["choices"][0]["message"]["audio"] == {"id": "a", "data": "AA==", "transcript": "hi"}
    unknown = ChatResponse("r", "m", (), Usage(reported=False))
    assert "usage" not in json.loads(encode_response(unknown, "local", 0).body)
