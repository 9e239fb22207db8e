"""A request of another dialect becomes one of this; its own stays as it is."""

from counterpoint.canonical import ChatRequest, Message, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.gemini_generate.adapting import adapted

REQUEST = ChatRequest("m", (Message("developer", (Text("s"),)), Message("user", (Text("u"),))), user="me")


def test_its_own_stays_as_it_is() -> None:
    assert adapted(REQUEST, Target("gemini-2.5-flash"), "gemini-generate") == (REQUEST, ())


def test_another_dialects_is_made_sayable() -> None:
    request, losses = adapted(REQUEST, Target("gemini-2.5-flash"), "openai-chat")
    assert [message.role for message in request.messages] == ["system", "user"]
    assert request.user is None
    assert {(loss.code, loss.path) for loss in losses} == {
        ("message.role", "messages[0].role"),
        ("user", "user"),
    }
