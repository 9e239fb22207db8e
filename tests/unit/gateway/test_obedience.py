"""Answers of hosts that cannot be held to a schema, judged by what the caller asked for."""

import json
from typing import Any

import pytest

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    Choice,
    FinishEvent,
    OutputFormat,
    PartDelta,
    PartStart,
    Reasoning,
    StreamEvent,
    Text,
    ToolCall,
)
from counterpoint.canonical.finish import Finish, FinishReason
from counterpoint.canonical.parts import Part
from counterpoint.gateway.obedience import Listening, disobedience
from tests.unit.gateway.conversation import ANTHROPIC, CHAT_ANSWER, OPENAI, answer_of, chat, lead

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
ASKED = ChatRequest("m", output=OutputFormat("json_schema", SCHEMA))


def answer(*parts: Part, reason: FinishReason = "stop") -> ChatResponse:
    return ChatResponse(choices=(Choice(0, parts, Finish(reason)),))


@pytest.mark.parametrize(
    ("response", "paths"),
    [
        (answer(Text('{"n": 1}')), []),
        (answer(Text('{"n": "1"}')), ["$.n"]),
        (answer(Text('{"n"'), Text(": 1}")), []),
        (answer(Text("Of course! 1")), [""]),
        (answer(Text("{"), reason="length"), []),
        (answer(ToolCall("1", "f"), Text("One moment.")), []),
        (answer(Reasoning("Hm."), Text('{"n": 2}')), []),
        (answer(), []),
    ],
)
def test_an_answer_that_does_not_obey_is_declared(response: ChatResponse, paths: list[str]) -> None:
    found = disobedience(ASKED, response)
    assert [loss.path for loss in found] == paths
    assert all((loss.code, loss.severity) == ("output.disobeyed", "meaning") for loss in found)


def test_where_nothing_was_asked_for_nothing_is_judged() -> None:
    assert disobedience(None, answer(Text("x"))) == ()
    assert disobedience(ChatRequest("m"), answer(Text("x"))) == ()
    assert disobedience(ChatRequest("m", output=OutputFormat("json")), answer(Text("[]"))) == ()


def test_a_stream_is_judged_at_its_end() -> None:
    for text, found in (('{"n": 1}', 0), ('{"n": "1"}', 1)):
        listening = Listening(ASKED)
        assert listening.wanted
        events: list[StreamEvent] = [
            PartStart(0, 0, Reasoning()),
            PartDelta(0, 0, "not this"),
            PartStart(0, 1, Text("")),
            *(PartDelta(0, 1, letter) for letter in text),
            FinishEvent(0, Finish("stop")),
        ]
        assert sum(len(listening.hear(event)) for event in events) == found
    assert not Listening(ChatRequest("m")).wanted


def _asked(policy: str) -> tuple[int, dict[str, str], Any]:
    output = {"format": {"type": "json_schema", "schema": SCHEMA}}
    body = {**json.loads(chat("gpt-x")), "max_tokens": 50, "output_config": output}
    headers = {b"x-counterpoint-losses": policy.encode()}
    exchange = lead(json.dumps(body).encode(), ANTHROPIC, headers=headers)
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_ANSWER, 1.2)
    return answer_of(exchange.upstream_end(1.3))


def test_a_caller_may_refuse_it() -> None:
    status, headers, _ = _asked("allow")
    assert (status, "output.disobeyed;meaning;" in headers["x-counterpoint-losses"]) == (200, True)
    assert _asked("refuse; codes=output.disobeyed")[0] == 400
    assert OPENAI != ANTHROPIC
