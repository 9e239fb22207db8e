"""Requests that have a model loaded, or unloaded."""

import json

import pytest

from counterpoint.canonical import ChatRequest
from counterpoint.dialects.registry import CHAT
from counterpoint.gateway.attempts import Preparation
from counterpoint.gateway.call import Call
from counterpoint.gateway.commands import OpenEngine, OpenUpstream
from counterpoint.gateway.loading import LoadedWhole, loads
from tests.unit.gateway.conversation import NAMES

DIALECT = CHAT["ollama-chat"]


def prepared(**fields: object) -> Preparation:
    body = json.dumps({"model": "any", "messages": [], **fields}).encode()
    return Preparation(Call("id", 0, "chat", DIALECT, None, {}, body), DIALECT.peek(body))


@pytest.mark.parametrize(("keep", "word"), [(None, "load"), ("5m", "load"), (0, "unload")])
def test_a_local_model_is_knocked_at_and_the_answer_says_what_was_done(keep: object, word: str) -> None:
    local = NAMES.resolve("local/tiny", "chat", (DIALECT.name,)).candidates[0]
    ready = prepared(keep_alive=keep).prepare(local)
    assert isinstance(ready.command, OpenEngine)
    assert ready.command.operation == "count_tokens"
    assert isinstance(ready.command.request, ChatRequest)
    assert ready.command.request.messages
    assert ready.command.keep_alive == {None: None, "5m": 300, 0: 0}[keep]  # type: ignore[index]
    assert isinstance(ready.answer, LoadedWhole)
    told = json.loads(ready.answer.end())
    assert (told["model"], told["done"], told["done_reason"]) == ("any", True, word)


def test_elsewhere_there_is_nothing_to_load() -> None:
    away = NAMES.resolve("alpha/gpt-x", "chat", ("openai-chat",)).candidates[0]
    ready = prepared().prepare(away)
    assert ready.command is None
    assert json.loads(ready.answer.end())["done_reason"] == "load"


def test_a_question_is_none_of_them() -> None:
    away = NAMES.resolve("alpha/gpt-x", "chat", ("openai-chat",)).candidates[0]
    asked = prepared(messages=[{"role": "user", "content": "Hi"}])
    assert isinstance(asked.prepare(away).command, OpenUpstream)
    assert not loads(CHAT["openai-chat"].decode_request(b'{"model": "m", "messages": []}'))
