"""Requests of other dialects, as Cohere takes them."""

import json
from typing import Any

from counterpoint.canonical import ChatRequest, Message, OutputFormat, Text, Tool, ToolChoice
from counterpoint.dialects.base import Target
from counterpoint.dialects.cohere_chat.request_encoding import encode_request

ASKED = (Message("user", (Text("Hi"),)),)


def sent(request: ChatRequest) -> tuple[Any, list[str]]:
    encoded = encode_request(request, Target("command-a-03-2025"), "openai-chat")
    return json.loads(encoded.body), [loss.code for loss in encoded.losses]


def test_a_plain_question_is_plain() -> None:
    assert sent(ChatRequest("m", ASKED, stream=True)) == (
        {"model": "command-a-03-2025", "messages": [{"role": "user", "content": "Hi"}], "stream": True},
        [],
    )


def test_settings_have_other_names() -> None:
    request = ChatRequest("m", ASKED, max_output=5, top_p=0.5, top_k=9, stop=("x",), seed=3, temperature=0)
    body, losses = sent(request)
    assert losses == []
    assert (body["max_tokens"], body["p"], body["k"]) == (5, 0.5, 9)
    assert (body["stop_sequences"], body["seed"], body["temperature"]) == (["x"], 3, 0)


def test_strictness_is_of_all_tools_or_of_none() -> None:
    strict, loose = Tool("a", strict=True), Tool("b")
    body, losses = sent(ChatRequest("m", ASKED, (strict,), ToolChoice("required")))
    assert (body["strict_tools"], body["tool_choice"], losses) == (True, "REQUIRED", [])
    body, losses = sent(ChatRequest("m", ASKED, (strict, loose), ToolChoice("auto")))
    assert ("strict_tools" in body, "tool_choice" in body, losses) == (False, False, ["tool.strict"])


def test_a_schema_is_one_of_json() -> None:
    form = OutputFormat("json_schema", {"type": "object"}, strict=True)
    body, losses = sent(ChatRequest("m", ASKED, output=form))
    assert body["response_format"] == {"type": "json_object", "json_schema": {"type": "object"}}
    assert losses == []
