"""What is sent to a candidate."""

import json

import pytest

from counterpoint.canonical import ChatRequest, EmbedRequest, Refused
from counterpoint.dialects.base import Asked, Peek
from counterpoint.dialects.registry import CHAT, EMBED
from counterpoint.gateway.attempts import Preparation
from counterpoint.gateway.call import Call
from counterpoint.gateway.commands import OpenEngine, OpenUpstream
from counterpoint.gateway.names import Candidate
from tests.unit.gateway.conversation import ANTHROPIC, EMBEDDINGS, NAMES, OPENAI, chat, message


def candidate(name: str, operation: str, dialect: str) -> Candidate:
    return NAMES.resolve(name, operation, (dialect,)).candidates[0]


TO_ALPHA = candidate("alpha/gpt-x", "chat", OPENAI)
TO_BETA = candidate("beta/claude-x", "chat", ANTHROPIC)
TO_TINY = candidate("local/tiny", "chat", OPENAI)


def prepared(dialect: str, body: bytes, operation: str = "chat", **headers: bytes) -> Preparation:
    embed = EMBED.get(dialect)
    sent = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    call = Call("id", 0, operation, CHAT.get(dialect, CHAT[OPENAI]), embed, sent, body)
    return Preparation(call, (embed or call.dialect).peek(body))


def test_the_same_dialect_is_passed_on_with_its_own_headers_only() -> None:
    body = message("any", odd={"kept": 1})
    preparation = prepared(ANTHROPIC, body, anthropic_beta=b"x", cookie=b"y")
    command = preparation.prepare(TO_BETA).command
    assert isinstance(command, OpenUpstream)
    assert command.body == body.replace(b'"any"', b'"claude-x"')
    assert dict(command.headers) == {b"anthropic-beta": b"x"}


def test_another_dialect_is_translated_for_each_candidate_from_one_reading() -> None:
    preparation = prepared(OPENAI, chat("any"))
    command = preparation.prepare(TO_BETA).command
    assert isinstance(command, OpenUpstream)
    sent = json.loads(command.body)
    assert (sent["model"], sent["max_tokens"]) == ("claude-x", 1000)
    command = preparation.prepare(TO_ALPHA).command
    assert isinstance(command, OpenUpstream)
    assert json.loads(command.body)["model"] == "gpt-x"
    command = preparation.prepare(TO_TINY).command
    assert isinstance(command, OpenEngine)
    assert isinstance(command.request, ChatRequest)


def test_a_fault_of_the_caller_is_found_when_his_words_are_needed() -> None:
    preparation = prepared(OPENAI, b'{"model": "any", "messages": 5}')
    assert preparation.prepare(TO_ALPHA).command is not None  # its own host will judge it
    with pytest.raises(Refused):
        preparation.prepare(TO_BETA)


def test_vectors_are_asked_of_local_models_in_canonical_words() -> None:
    body = json.dumps({"model": "e5", "input": ["a", "b"]}).encode()
    command = prepared(EMBEDDINGS, body, "embed").prepare(candidate("e5", "embed", EMBEDDINGS)).command
    assert isinstance(command, OpenEngine)
    assert isinstance(command.request, EmbedRequest)
    assert command.request.input == ("a", "b")


def test_a_peek_is_all_that_a_relayed_request_costs() -> None:
    preparation = prepared(OPENAI, chat("any", stream=True))
    assert preparation.prepare(TO_ALPHA).answer.streamed
    assert CHAT[OPENAI].peek(chat("any", stream=True)) == Peek("any", stream=True, include_usage=False)


GEMINI = b'{"contents":[{"parts":[{"text":"Hi"}]}]}'


def test_a_host_of_another_dialect_counts_tokens_if_it_can() -> None:
    call = Call("id", 0, "count_tokens", CHAT["gemini-generate"], None, {}, GEMINI, asked=Asked("any"))
    preparation = Preparation(call, call.peek())
    counted = preparation.prepare(TO_BETA)
    assert isinstance(counted.command, OpenUpstream)
    assert counted.command.path.endswith("/count_tokens")
    assert set(json.loads(counted.command.body)) == {"model", "messages"}
    counted.answer.data(b'{"input_tokens":7}')
    assert json.loads(counted.answer.end()) == {"totalTokens": 7}
    estimated = preparation.prepare(TO_ALPHA)
    assert estimated.command is None
    assert [loss.code for loss in estimated.losses] == ["count_tokens.estimated"]


def test_vectors_of_a_model_that_only_the_address_names() -> None:
    body = b'{"requests":[{"content":{"parts":[{"text":"a"}]}}]}'
    dialect = EMBED["gemini-embed"]
    call = Call("id", 0, "embed", CHAT["gemini-generate"], dialect, {}, body, asked=Asked("e5"))
    assert call.peek().model == "e5"
    command = Preparation(call, call.peek()).prepare(candidate("e5", "embed", EMBEDDINGS)).command
    assert isinstance(command, OpenEngine)
    assert isinstance(command.request, EmbedRequest)
    assert (command.request.model, command.request.input) == ("e5", ("a",))
