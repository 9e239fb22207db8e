"""One call, as the exchange sees it."""

from counterpoint.dialects.base import Asked
from counterpoint.dialects.registry import CHAT
from counterpoint.gateway.call import Call


def test_a_call_knows_who_speaks_and_what_of() -> None:
    headers = {b"content-type": b"application/json; charset=utf-8"}
    call = Call("1", 0, "chat", CHAT["openai-chat"], None, headers, b'{"model":"m","messages":[]}')
    assert call.client_dialect == "openai-chat"
    assert call.media_type == "application/json; charset=utf-8"
    assert call.capability == "chat"
    assert call.peek().model == "m"


def test_the_address_may_say_the_model() -> None:
    call = Call("1", 0, "chat", CHAT["gemini-generate"], None, {}, b"{}", asked=Asked("gemini", stream=True))
    assert (call.peek().model, call.peek().stream) == ("gemini", True)
