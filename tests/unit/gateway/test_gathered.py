"""Answers that are looked at before anybody gets them."""

import json

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    PartDelta,
    PartStart,
    StartEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.dialects.registry import CHAT
from counterpoint.gateway.gathered import Gathered, Told
from tests.unit.gateway.conversation import ANTHROPIC, CHAT_ANSWER, OPENAI, chat


def test_an_answer_is_gathered_and_told_in_another_dialect() -> None:
    gathered = Gathered(CHAT[OPENAI], OPENAI)
    assert gathered.data(CHAT_ANSWER[:30]) + gathered.data(CHAT_ANSWER[30:]) + gathered.end() == b""
    assert (gathered.usage.output, gathered.finish, gathered.failure) == (5, "stop", None)
    told = Told(gathered.response, CHAT[ANTHROPIC], OPENAI, CHAT[OPENAI].decode_request(chat("m")))
    assert json.loads(told.end())["content"] == [{"type": "text", "text": "Hello"}]
    assert told.usage.output == 5


def test_what_is_no_answer_is_a_failure() -> None:
    gathered = Gathered(CHAT[OPENAI], OPENAI)
    gathered.data(b'{"error": {"message": "no"}}')
    gathered.end()
    assert gathered.failure is not None


def test_a_local_models_events_are_folded() -> None:
    gathered = Gathered(None, "local")
    for event in (
        StartEvent(id="e", model="m"),
        PartStart(0, 0, Text("")),
        PartDelta(0, 0, "Hi"),
        FinishEvent(0, Finish("stop")),
        UsageEvent(Usage(input=1, output=2)),
    ):
        gathered.event(event)
    gathered.end()
    assert gathered.response.choices[0].parts == (Text("Hi"),)
    assert gathered.usage.output == 2

    failed = Gathered(None, "local")
    failed.event(ErrorEvent(Failure(FailureKind.internal, "died")))
    failed.end()
    assert failed.failure is not None
