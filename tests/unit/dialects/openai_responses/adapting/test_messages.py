"""Messages of another dialect: said as this one can, every loss declared with its place."""

from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Citation,
    Document,
    Image,
    Media,
    Message,
    Opaque,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Video,
)
from tests.unit.dialects.openai_responses.adapting.asking import said, sent

PNG = Image(Media("data", "AA==", "image/png"))
SEEN = {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "auto"}


def test_pictures_and_files_of_the_user_and_of_tools_are_seen() -> None:
    pdf = Document(Media("data", "AAAA", "application/pdf"), "Report")
    body, losses = sent(said("user", "look", PNG, pdf))
    assert body["input"][0]["content"][1:] == [
        SEEN,
        {"type": "input_file", "filename": "Report", "file_data": "data:application/pdf;base64,AAAA"},
    ]
    assert losses == []
    body, losses = sent(said("user", ToolResult("c", (Text("here"), PNG))))
    assert body["input"][0]["output"] == [{"type": "input_text", "text": "here"}, SEEN]
    assert losses == []


@pytest.mark.parametrize(
    ("role", "part", "code", "severity"),
    [
        ("user", Image(Media("file", "f")), "image.file", "meaning"),
        ("user", Document(Media("file", "f")), "document.file", "meaning"),
        ("user", Audio(Media("data", "A", "audio/wav")), "part.audio", "meaning"),
        ("user", Video(Media("url", "https://a")), "part.video", "meaning"),
        ("user", Opaque("elsewhere", "container", {}), "part.container", "meaning"),
        ("user", Document(Media("text", "abc")), "document.text", "cosmetic"),
        ("user", Document(Media("url", "https://a"), cite=True), "document.citations", "degraded"),
        ("assistant", Reasoning("hm"), "reasoning.text", "degraded"),
        ("assistant", Reasoning("hm", "S"), "reasoning.signature", "degraded"),
        ("assistant", Audio(transcript="words", id="a"), "audio", "degraded"),
        ("assistant", Text("a", (Citation(url="https://a"),)), "text.citations", "cosmetic"),
        ("system", PNG, "part.image", "meaning"),
    ],
)
def test_what_it_cannot_say_is_declared(role: Any, part: Part, code: str, severity: str) -> None:
    _, losses = sent(said(role, "beside", part))
    assert losses == [(code, "messages[0].parts[1]", severity)]


def test_a_failed_tool_and_a_name_are_declared() -> None:
    _, losses = sent(said("user", ToolResult("t", (Text("no"),), is_error=True)))
    assert losses == [("tool_result.is_error", "messages[0].parts[0].is_error", "degraded")]
    _, losses = sent(ChatRequest("m", (Message("user", (Text("a"),), "Ada"),)))
    assert losses == [("message.name", "messages[0].name", "degraded")]


def test_calls_and_refusals_go_back() -> None:
    body, losses = sent(said("assistant", Refusal("no"), ToolCall("c", "f")))
    assert body["input"] == [
        {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
    ]
    assert losses == []


def test_a_host_without_developers_has_a_system() -> None:
    body, _ = sent(said("developer", "be brief"), "no_developer_role")
    assert body["input"][0]["role"] == "system"


def test_a_message_of_which_nothing_is_left_goes() -> None:
    body, losses = sent(said("assistant", Reasoning("hm")))
    assert body["input"] == []
    assert [loss[0] for loss in losses] == ["reasoning.text"]
