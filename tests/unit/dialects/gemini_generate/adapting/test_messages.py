"""Messages of other dialects as this one takes them."""

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
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.adapting.messages import adapt_messages
from counterpoint.dialects.gemini_generate.generations import UNSIGNED
from counterpoint.dialects.losing import Losing

NAME = "gemini-generate"
PNG = Media("data", "AA==", "image/png")


def adapt(*messages: Message, model: str = "gemini-2.5-flash") -> tuple[tuple[Message, ...], list[str]]:
    request = ChatRequest("m", messages)
    losing = Losing(request, "other", NAME)
    return adapt_messages(request, Target(model), losing).messages, [loss.code for loss in losing.losses]


def test_one_system_instruction_before_turns() -> None:
    messages, losses = adapt(
        Message("system", (Text("a"),)),
        Message("user", (Text("u"),)),
        Message("developer", (Text("b"),)),
        Message("user", (Text("v"),), name="me"),
        Message("assistant"),
    )
    assert messages == (Message("system", (Text("a"), Text("b"))), Message("user", (Text("u"), Text("v"))))
    assert losses == ["message.role", "system.position", "message.name", "message.empty"]


def test_there_is_always_a_turn_of_the_user() -> None:
    messages, losses = adapt(Message("system", (Text("a"),)))
    assert messages == (Message("system", (Text("a"),)), Message("user", (Text(""),)))
    assert losses == []


def test_results_stand_together_after_their_calls() -> None:
    messages, _ = adapt(
        Message("assistant", (ToolCall("1", "f"), ToolCall("2", "f"))),
        Message("tool", (ToolResult("1", (Text("x"), Text(""), Image(PNG))),)),
        Message("tool", (ToolResult("2", (Audio(id="a"),)),)),
    )
    assert [message.role for message in messages] == ["assistant", "user"]
    assert len(messages[1].parts) == 2


@pytest.mark.parametrize(
    ("part", "becomes", "codes"),
    [
        (Text(""), None, ["text.blank", "message.empty"]),
        (Image(PNG, "high"), Image(PNG), ["image.detail"]),
        (Image(Media("url", "https://a")), Image(Media("url", "https://a", "image/jpeg")), []),
        (Image(Media("data", "A", "image/jpg")), Image(Media("data", "A", "image/jpeg")), []),
        (Image(Media("file", "id")), None, ["part.image", "message.empty"]),
        (Document(Media("text", "abc")), Document(Media("data", "YWJj", "text/plain")), []),
        (
            Document(Media("data", "A", "application/pdf"), "T", "C", cite=True),
            Document(Media("data", "A", "application/pdf")),
            ["document.title", "document.context", "document.citations"],
        ),
        (Document(Media("data", "A")), None, ["part.document", "message.empty"]),
        (Video(Media("url", "https://a", "video/mp4")), Video(Media("url", "https://a", "video/mp4")), []),
        (Audio(PNG), Audio(PNG), []),
        (Opaque("other", "search", {}), None, ["part.search", "message.empty"]),
        (ToolCall("1", "f"), None, ["part.toolcall", "message.empty"]),
    ],
)
def test_what_a_user_says(part: Part, becomes: Part | None, codes: list[str]) -> None:
    messages, losses = adapt(Message("user", (part,)))
    assert messages[0].parts == ((becomes,) if becomes else (Text(""),))
    assert losses == codes


@pytest.mark.parametrize(
    ("part", "becomes", "codes"),
    [
        (Refusal("no"), Text("no"), ["refusal"]),
        (Text("a", (Citation(url="u"),)), Text("a"), ["text.citations"]),
        (Reasoning("hm", "s"), None, ["reasoning.unsigned", "message.empty"]),
        (Audio(id="a", transcript="w"), Text("w"), ["audio"]),
        (Image(PNG), None, ["part.image", "message.empty"]),
        (Opaque(NAME, "x", {}), Opaque(NAME, "x", {}), []),
    ],
)
def test_what_a_model_said(part: Part, becomes: Part | None, codes: list[str]) -> None:
    messages, losses = adapt(Message("user", (Text("u"),)), Message("assistant", (part,)))
    assert (messages[1].parts if len(messages) > 1 else ()) == ((becomes,) if becomes else ())
    assert losses == codes


def test_its_own_thoughts_go_back() -> None:
    own = Reasoning("hm", "s", extensions={NAME: {"~maker": True}})
    messages, losses = adapt(Message("assistant", (own,)))
    assert messages[0].parts == (own,)
    assert losses == []


@pytest.mark.parametrize(
    ("call", "arguments", "codes"),
    [
        (ToolCall("1", "f", "x", kind="custom"), '{"input":"x"}', ["tool_call.custom"]),
        (ToolCall("1", "f", "[]"), "[]", ["tool_call.arguments"]),
        (ToolCall("1", "f", "{}"), "{}", []),
    ],
)
def test_a_call(call: ToolCall, arguments: str, codes: list[str]) -> None:
    messages, losses = adapt(Message("assistant", (call,)))
    (found,) = messages[0].parts
    assert isinstance(found, ToolCall)
    assert found.arguments == arguments
    assert losses == codes


def test_the_first_call_of_a_turn_is_signed_where_models_want_it() -> None:
    calls: Any = (Text("a"), ToolCall("1", "f"), ToolCall("2", "f"))
    messages, _ = adapt(Message("assistant", calls), model="gemini-3-pro-preview")
    signatures = [getattr(part, "extensions", {}).get(NAME) for part in messages[0].parts]
    assert signatures == [None, {"thoughtSignature": UNSIGNED}, None]
    signed = ToolCall("1", "f", extensions={NAME: {"thoughtSignature": "s"}})
    messages, _ = adapt(Message("assistant", (signed,)), model="gemini-3-pro-preview")
    assert messages[0].parts == (signed,)
