"""What is adapted at all: a request of the API itself is not, one of its other call only where it must be."""

import json

from counterpoint.canonical import ChatRequest, Message, Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.ollama.adapting import adapted, adapted_prompt
from tests.unit.dialects.ollama.bodies import DIALECT, PROMPTED, TOOL, asked, prompted

TARGET = Target("m")


def test_its_own_requests_are_left_alone() -> None:
    chat = DIALECT.decode_request(asked(unknown=1))
    assert adapted(chat, TARGET, DIALECT.name) == (chat, ())
    prompt = PROMPTED.decode_request(prompted(raw=True))
    assert adapted_prompt(prompt, TARGET, PROMPTED.name) == (prompt, ())


def test_between_its_two_calls_settings_stay_as_they_are() -> None:
    chat = DIALECT.decode_request(asked(think="max", options={"mirostat": 1}, tools=[TOOL]))
    prompt, losses = adapted_prompt(chat, TARGET, DIALECT.name)
    assert (prompt.reasoning, prompt.extensions, prompt.tools) == (chat.reasoning, chat.extensions, ())
    assert [loss.code for loss in losses] == ["tools"]


def test_others_are_made_to_fit() -> None:
    request = ChatRequest("m", (Message("developer", (Text("Brief."),)), Message("user", (Text("Hi"),))), n=2)
    for adapt in (adapted, adapted_prompt):
        fitting, losses = adapt(request, TARGET, "hub")
        assert [message.role for message in fitting.messages] == ["system", "user"]
        assert {loss.code for loss in losses} == {"message.role", "n"}
    assert (
        "Brief." in json.loads(DIALECT.encode_request(request, TARGET, "hub").body)["messages"][0]["content"]
    )
