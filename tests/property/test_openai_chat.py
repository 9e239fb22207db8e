"""The OpenAI dialects on damaged versions of real bodies: a clear refusal or an exact understanding, nothing else."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import ChatRequest, ChatResponse, EmbedRequest, ErrorEvent, Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_chat import OpenAIChat
from counterpoint.dialects.openai_embeddings import OpenAIEmbeddings
from counterpoint.testing.conformance import decoded_stream, grammar_fault
from counterpoint.testing.recordings import Recording, recordings
from counterpoint.wire.sse import SseReader
from tests.property.mutations import damaged_body, damaged_stream

CHAT, EMBED = OpenAIChat(), OpenAIEmbeddings()
SEEDS = st.integers(0, 2**32)
LONGEST = 20_000


class Real:
    """Bodies to damage."""

    def __init__(self, chat: list[Recording], embed: list[Recording]) -> None:
        self.requests = _objects([item.request_body for item in chat])
        self.answers = _objects([item.response_body for item in chat if not item.stream])
        self.streams = [
            item.response_body for item in chat if item.stream and 0 < len(item.response_body) < LONGEST
        ]
        self.embed_requests = _objects([item.request_body for item in embed])
        self.embed_answers = _objects([item.response_body for item in embed])


def _objects(bodies: list[bytes]) -> list[Any]:
    return [json.loads(body) for body in bodies if 0 < len(body) < LONGEST]


@pytest.fixture(scope="module")
def real(shared: Path) -> Real:
    folder = shared / "data" / "provider-recordings"
    return Real(list(recordings(folder, CHAT.name)), list(recordings(folder, EMBED.name)))


def tried(call: Callable[..., Any], *arguments: Any) -> Any:
    """What `call` gives, or the failure it refuses with; nothing else may be raised."""
    try:
        return call(*arguments)
    except Refused as refused:
        assert refused.failure.message  # noqa: PT017 - part of every property here
        return refused.failure


def may_refuse(failure: Any) -> bool:
    return isinstance(failure, Failure) and failure.kind is FailureKind.bad_request


@given(seed=SEEDS)
def test_a_request_is_refused_with_words_or_comes_back_exactly(real: Real, seed: int) -> None:
    chance = random.Random(seed)
    body = damaged_body(chance.choice(real.requests), chance)
    request = tried(CHAT.decode_request, body)
    if isinstance(request, ChatRequest):
        encoded = CHAT.encode_request(request, Target(request.model), CHAT.name)
        assert json.loads(encoded.body) == json.loads(body)
        assert encoded.losses == ()
        foreign = CHAT.encode_request(request, Target("gpt-4o"), "elsewhere")
        assert json.loads(foreign.body)["model"] == "gpt-4o"
    else:
        assert may_refuse(request)


@given(seed=SEEDS, quirks=st.sampled_from([frozenset(), frozenset({"max_tokens", "no_developer_role"})]))
def test_what_can_be_peeked_at_can_be_relayed(real: Real, seed: int, quirks: frozenset[str]) -> None:
    chance = random.Random(seed)
    body = damaged_body(chance.choice(real.requests), chance)
    peek = tried(CHAT.peek, body)
    relayed = (
        tried(CHAT.rewrite, body, peek, Target("new", quirks=quirks)) if isinstance(peek, Peek) else peek
    )
    if not isinstance(relayed, bytes):
        assert may_refuse(relayed)
        return
    try:
        before = json.loads(body)
    except ValueError:
        return  # bytes inside a string, which are for the upstream to refuse
    after = json.loads(relayed)
    assert after["model"] == "new"
    if peek.stream and not peek.include_usage:
        assert after.pop("stream_options")["include_usage"] is True
        before.pop("stream_options", None)
    if not quirks:
        assert {**before, "model": "new"} == after


@given(seed=SEEDS)
def test_an_answer_is_refused_or_can_be_shown(real: Real, seed: int) -> None:
    chance = random.Random(seed)
    body = damaged_body(chance.choice(real.answers), chance)
    assert CHAT.decode_error(chance.choice([400, 401, 429, 500]), {}, body).message
    tried(CHAT.read, body)
    answer = tried(CHAT.decode_response, body)
    if isinstance(answer, ChatResponse):
        for source in (CHAT.name, "local"):
            json.loads(CHAT.encode_response(answer, source).body)


@given(seed=SEEDS)
def test_a_stream_keeps_its_grammar_whatever_comes(real: Real, seed: int) -> None:
    chance = random.Random(seed)
    body = damaged_stream(chance.choice(real.streams), chance)
    cut = chance.randrange(len(body) + 1)
    events = decoded_stream(CHAT.stream_decoder(), [body])
    assert decoded_stream(CHAT.stream_decoder(), [body[:cut], body[cut:]]) == events
    assert grammar_fault(events) == ""
    encoder = CHAT.stream_encoder("m", include_usage=True)
    again = b"".join(map(encoder.encode, events)) + encoder.close()
    failed = isinstance(events[-1], ErrorEvent)
    assert isinstance(decoded_stream(CHAT.stream_decoder(), [again])[-1], ErrorEvent) == failed


@given(seed=SEEDS, wanted=st.booleans())
def test_a_relay_passes_on_whatever_comes(real: Real, seed: int, wanted: bool) -> None:
    chance = random.Random(seed)
    body = damaged_stream(chance.choice(real.streams), chance)
    cut = chance.randrange(len(body) + 1)
    relay = CHAT.relay(Peek("m", stream=True, include_usage=wanted))
    passed = relay.feed(body[:cut]) + relay.feed(body[cut:]) + relay.close()
    assert relay.reading.usage.input >= 0
    if wanted:  # all of it up to the stream's own end, but never half an event
        same = next((at for at in range(len(body)) if passed[at : at + 1] != body[at : at + 1]), len(body))
        held_back = body[same:]
        assert relay.complete or SseReader().feed(held_back) == []
    if relay.failure is not None:  # the client is told, by the upstream or by us
        assert b"error" in passed


@given(seed=SEEDS)
def test_embeddings_are_refused_with_words_or_come_back_exactly(real: Real, seed: int) -> None:
    chance = random.Random(seed)
    body = damaged_body(chance.choice(real.embed_requests), chance)
    request = tried(EMBED.decode_request, body)
    if isinstance(request, EmbedRequest):
        encoded = EMBED.encode_request(request, Target(request.model), EMBED.name)
        assert json.loads(encoded.body) == json.loads(body)
    else:
        assert may_refuse(request)
    assert isinstance(tried(EMBED.peek, body), Peek | Failure)
    answer = damaged_body(chance.choice(real.embed_answers), chance)
    tried(EMBED.read, answer)
    tried(EMBED.decode_response, answer)
