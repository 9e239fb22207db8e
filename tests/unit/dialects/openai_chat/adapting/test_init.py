"""A request of another dialect is adapted as a whole; one of this dialect is left as it is."""

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.base import Target
from counterpoint.dialects.losing import Losing
from counterpoint.dialects.openai_chat.adapting import adapt_request
from tests.unit.dialects.openai_chat.adapting.asking import message


def test_messages_and_settings_are_adapted_together() -> None:
    request = ChatRequest("m", (message("user", "x"),), top_k=3, extensions={"elsewhere": {"thinking": {}}})
    losing = Losing(request, "elsewhere", "openai-chat")
    adapted = adapt_request(request, Target("gpt-4o"), losing)
    assert (adapted.top_k, adapted.messages) == (None, request.messages)
    assert [loss.code for loss in losing.losses] == ["field.thinking", "top_k"]
