"""Messages of another dialect: said as this one can, every loss declared with its place."""

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
    Role,
    Text,
    ToolCall,
    ToolResult,
    Video,
)
from tests.unit.dialects.openai_chat.adapting.asking import message, said, sent

PNG = Image(Media("data", "AA==", "image/png"))
URL = {"url": "data:image/png;base64,AA=="}


def test_a_conversation_with_tools_is_said_in_this_dialects_order() -> None:
    request = ChatRequest(
        "m",
        (
            message("system", "be brief"),
            message("user", "weather?"),
            message("assistant", "I look.", ToolCall("t1", "w", '{"c":"P"}'), ToolCall("t2", "w")),
            message("user", ToolResult("t1", (Text("sunny"),)), ToolResult("t2", ()), "and?"),
        ),
    )
    body, losses = sent(request)
    assert body["messages"] == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "weather?"},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "t1", "type": "function", "function": {"name": "w", "arguments": '{"c":"P"}'}},
                {"id": "t2", "type": "function", "function": {"name": "w", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "content": "sunny", "tool_call_id": "t1"},
        {"role": "tool", "content": "", "tool_call_id": "t2"},
        {"role": "user", "content": "and?"},
    ]
    assert losses == []


def test_images_in_a_result_move_to_a_message_of_the_user_after_all_results() -> None:
    results = (ToolResult("t1", (Text("see"), PNG)), ToolResult("t2", (Text("b"),)))
    body, losses = sent(said("user", *results))
    assert [item["role"] for item in body["messages"]] == ["tool", "tool", "user"]
    assert body["messages"][2]["content"] == [{"type": "image_url", "image_url": URL}]
    assert losses == [("tool_result.image", "messages[0].parts[0].content[1]", "degraded")]
    body, losses = sent(said("user", results[0]), "tool_images")
    assert body["messages"][0]["content"][1] == {"type": "image_url", "image_url": URL}
    assert losses == []


def test_a_failed_tool_is_a_declared_loss() -> None:
    body, losses = sent(said("user", ToolResult("t1", (Text("no such file"),), is_error=True)))
    assert body["messages"] == [{"role": "tool", "content": "no such file", "tool_call_id": "t1"}]
    assert losses == [("tool_result.is_error", "messages[0].parts[0].is_error", "degraded")]


def test_text_after_a_call_comes_before_it() -> None:
    body, losses = sent(said("assistant", ToolCall("t", "f"), "after"))
    assert body["messages"][0]["content"] == "after"
    assert losses == [
        ("message.order", "messages[0].parts[1]", "degraded"),
        ("message.order", "messages[0].parts[0]", "degraded"),
    ]


def test_what_only_another_host_can_read_leaves_no_empty_turn() -> None:
    strange = Opaque("elsewhere", "search", {})
    roles: list[Role] = ["assistant", "tool"]
    turns = [Message(role, (strange,)) for role in roles]
    body, losses = sent(ChatRequest("m", (*turns, Message("user", (Text("hi"),)))))
    assert body["messages"] == [{"role": "user", "content": "hi"}]
    assert [loss[0] for loss in losses] == ["part.search", "part.search"]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (PNG, {"type": "image_url", "image_url": URL}),
        (
            Audio(Media("data", "AA==", "audio/wav")),
            {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
        ),
        (
            Document(Media("data", "AA==", "application/pdf", "a.pdf")),
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="}},
        ),
    ],
)
def test_media_a_user_may_show(part: Part, content: object) -> None:
    body, losses = sent(said("user", part))
    assert body["messages"][0]["content"] == [content]
    assert losses == []


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (Image(Media("file", "f1")), "image.file"),
        (Document(Media("file", "f1")), "document.file"),
        (Document(Media("url", "https://x/a.pdf")), "document.url"),
        (Audio(Media("url", "https://x/a.wav")), "audio.url"),
        (Audio(id="a"), "audio.file"),
        (Video(Media("url", "https://x/a.mp4")), "video.url"),
        (Video(Media("data", "AA==", "video/mp4")), "video.data"),
        (Opaque("elsewhere", "server_tool_use", {}), "part.server_tool_use"),
        (Refusal("no"), "part.refusal"),
        (ToolCall("t", "f"), "part.tool_call"),
    ],
)
def test_what_cannot_be_said_is_declared_with_its_meaning_lost(part: Part, code: str) -> None:
    body, losses = sent(said("user", "x", part))
    assert body["messages"] == [{"role": "user", "content": "x"}]
    assert losses == [(code, "messages[0].parts[1]", "meaning")]


def test_hosts_that_take_more_get_more() -> None:
    film, page = Video(Media("url", "https://x/a.mp4")), Document(Media("url", "https://x/a.pdf"))
    body, losses = sent(said("user", film, page), "video", "file_urls")
    assert [item["type"] for item in body["messages"][0]["content"]] == ["video_url", "file"]
    assert losses == []


def test_text_documents_become_text() -> None:
    document = Document(Media("text", "words"), title="T", context="C", cite=True)
    body, losses = sent(said("user", document))
    assert body["messages"][0]["content"] == "words"
    assert {code for code, _, _ in losses} == {
        "document.text",
        "document.title",
        "document.context",
        "document.citations",
    }


def test_a_message_of_which_nothing_is_left_is_empty() -> None:
    body, _ = sent(said("user", Image(Media("file", "f1"))))
    assert body["messages"] == [{"role": "user", "content": ""}]


def test_thinking_goes_back_only_where_it_is_taken() -> None:
    signed, plain = Reasoning("hm", "s"), Reasoning("so")
    body, losses = sent(said("assistant", signed, plain, "x"))
    assert body["messages"] == [{"role": "assistant", "content": "x"}]
    assert losses == [
        ("reasoning.signature", "messages[0].parts[0]", "degraded"),
        ("reasoning.text", "messages[0].parts[1]", "degraded"),
    ]
    body, losses = sent(said("assistant", signed, plain, "x"), "reasoning_content")
    assert body["messages"][0]["reasoning_content"] == "hmso"
    assert [code for code, _, _ in losses] == ["reasoning.signature"]


def test_signed_thinking_goes_back_whole_to_its_maker() -> None:
    parts = (Reasoning("hm", "s"), Reasoning(encrypted="e"))
    body, losses = sent(
        said("assistant", *parts, "x"), "reasoning_details", model="anthropic/claude-sonnet-4.5"
    )
    assert body["messages"][0]["reasoning_details"] == [
        {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1"},
        {"type": "reasoning.encrypted", "data": "e", "format": "anthropic-claude-v1"},
    ]
    assert losses == []
    body, losses = sent(said("assistant", *parts, "x"), "reasoning_details", model="openai/gpt-5")
    assert body["messages"][0]["reasoning_content"] == "hm"
    assert [code for code, _, _ in losses] == ["reasoning.signature", "reasoning.signature"]


def test_fields_and_citations_of_another_dialect_are_declared() -> None:
    text = Text("x", (Citation(url="https://x"),), {"elsewhere": {"cache_control": {}, "odd": None}})
    body, losses = sent(said("assistant", text))
    assert body["messages"] == [{"role": "assistant", "content": "x"}]
    assert losses == [
        ("field.cache_control", "messages[0].parts[0].cache_control", "degraded"),
        ("text.citations", "messages[0].parts[0]", "cosmetic"),
    ]
