"""Conversations as one prompt."""

from counterpoint.canonical import (
    ChatRequest,
    Citation,
    Document,
    Image,
    Media,
    Message,
    Refusal,
    Text,
    ToolCall,
)
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.transcript import Transcript, transcript

PICTURE = Image(Media("data", "AAAA"))


def told(
    *messages: Message, apart: bool = False, images: bool = False
) -> tuple[Transcript, list[tuple[str, str]]]:
    request = ChatRequest("m", messages)
    losing = Losing(request, "hub", "target")
    whole = transcript(request, losing, apart=apart, images=images)
    return whole, [(loss.code, loss.path) for loss in losing.losses]


def test_one_question_stands_for_itself() -> None:
    assert told(Message("user", (Text("Hi"),))) == (Transcript("Hi"), [])


def test_more_is_written_down_turn_by_turn() -> None:
    messages = (
        Message("system", (Text("Be brief."),)),
        Message("user", (Text("Hi"),)),
        Message("assistant", (Refusal("No."),)),
    )
    whole, lost = told(*messages)
    assert whole.prompt == "System: Be brief.\n\nUser: Hi\n\nAssistant: No.\n\nAssistant:"
    assert [code for code, _ in lost] == ["refusal", *["messages.transcript"] * 3]
    apart, lost = told(*messages[:2], apart=True)
    assert (apart, lost) == (Transcript("Hi", "Be brief."), [])


def test_what_is_no_text_is_declared() -> None:
    parts = (
        PICTURE,
        Text("Hi", (Citation(url="u"),)),
        Document(Media("text", "Facts.")),
        ToolCall("c", "f"),
    )
    whole, lost = told(Message("user", parts))
    assert whole.prompt == "Hi\nFacts."
    assert {code for code, _ in lost} == {
        "part.image",
        "text.citations",
        "document.text",
        "part.tool_call",
        "text.joined",
    }


def test_pictures_are_shown_where_the_target_sees_them() -> None:
    whole, lost = told(Message("user", (PICTURE, Text("Hi"))), images=True)
    assert whole.images == (PICTURE,)
    assert {code for code, _ in lost} == {"image.media_type", "message.order"}


def test_names_and_developers_are_declared() -> None:
    _, lost = told(Message("developer", (Text("A"),)), Message("user", (Text("B"),), "Ada"), apart=True)
    assert lost == [("message.role", "messages[0].role"), ("message.name", "messages[1].name")]
