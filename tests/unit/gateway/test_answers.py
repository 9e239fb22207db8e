"""How upstream answers become the caller's."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    PartDelta,
    PartStart,
    StartEvent,
    StreamEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.dialects.base import Peek
from counterpoint.dialects.registry import CHAT, COUNTERS, EMBED, RERANK
from counterpoint.gateway import answers
from counterpoint.gateway.answers import (
    Answer,
    FoldedWhole,
    OtherWhole,
    RelayedBytes,
    RelayedStream,
    RelayedWhole,
    TranslatedCount,
    TranslatedStream,
    TranslatedWhole,
)
from tests.unit.gateway.conversation import ANTHROPIC, CHAT_ANSWER, CHAT_STREAM, OPENAI

CHATTY, WORDY = CHAT[OPENAI], CHAT[ANTHROPIC]
PEEK = Peek("m", stream=True, include_usage=True)


def fed(answer: Answer, data: bytes, cuts: list[int]) -> bytes:
    out, at = b"", 0
    for cut in [*cuts, len(data)]:
        out += answer.data(data[at : at + cut])
        at += cut
    return out + answer.end()


@given(st.lists(st.integers(1, 60), max_size=20))
def test_a_relayed_answer_is_the_same_bytes_in_any_cut(cuts: list[int]) -> None:
    whole = RelayedWhole(CHATTY)
    assert fed(whole, CHAT_ANSWER, cuts) == CHAT_ANSWER
    assert (whole.usage.output, whole.finish) == (5, "stop")
    stream = RelayedStream(CHATTY, PEEK)
    assert fed(stream, b"".join(CHAT_STREAM), cuts) == b"".join(CHAT_STREAM)
    assert (stream.usage.output, stream.finish, stream.complete, stream.failure) == (5, "stop", True, None)


@given(st.lists(st.integers(1, 60), max_size=20))
def test_a_translated_answer_is_the_same_in_any_cut(cuts: list[int]) -> None:
    data = b"".join(CHAT_STREAM)
    expected = fed(TranslatedStream(CHATTY.stream_decoder(), WORDY, PEEK), data, [])
    answer = TranslatedStream(CHATTY.stream_decoder(), WORDY, PEEK)
    assert fed(answer, data, cuts) == expected
    assert (answer.usage.output, answer.finish, answer.failure) == (5, "stop", None)
    assert json.loads(fed(TranslatedWhole(CHATTY, WORDY), CHAT_ANSWER, cuts))["type"] == "message"


TOLD = "hello world " * 500  # 1,500 tokens, at four letters each


@pytest.mark.parametrize("name", sorted(CHAT))
@pytest.mark.parametrize("events", [1, 5, 50, 500])
def test_a_stream_that_breaks_off_has_said_so_much_however_it_was_cut(name: str, events: int) -> None:
    encoder = CHAT[name].stream_encoder("m", include_usage=True)
    size = len(TOLD) // events
    deltas = [PartDelta(0, 0, TOLD[at : at + size]) for at in range(0, len(TOLD), size)]
    told: list[StreamEvent] = [StartEvent("id", "m"), PartStart(0, 0, Text("")), *deltas]
    data = b"".join(map(encoder.encode, told))
    for step in (len(data), 1000, 77):
        relayed = RelayedStream(CHAT[name], PEEK)
        for at in range(0, len(data), step):
            relayed.data(data[at : at + step])
        assert 0.9 * 1500 <= relayed.said <= 1.1 * 1500
    translated = TranslatedStream(CHAT[name].stream_decoder(), WORDY, PEEK)
    translated.data(data)
    assert 0.95 * 1500 <= translated.said <= 1500


def test_what_was_said_counts_thinking_arguments_and_letters_of_every_script_but_nothing_sealed() -> None:
    def said(*deltas: PartDelta) -> int:
        stream = TranslatedStream(None, CHATTY, PEEK)
        told: list[StreamEvent] = [StartEvent("id", "m"), PartStart(0, 0, Text("")), *deltas]
        for event in told:
            stream.event(event)
        return stream.said

    assert said() == 0
    assert said(PartDelta(0, 0, "x" * 400)) == 100
    assert said(PartDelta(0, 0, "x" * 400, "arguments"), PartDelta(0, 0, "x" * 4)) == 101
    assert said(PartDelta(0, 0, "語" * 400)) == 300
    assert said(PartDelta(0, 0, "x" * 4000, "signature")) == 1
    assert said(*[PartDelta(0, 0, "x")] * 40) == 40


def test_nothing_has_begun_before_the_first_part() -> None:
    stream = TranslatedStream(None, CHATTY, PEEK)
    stream.event(StartEvent("id", "m"))
    assert not stream.begun
    stream.event(PartStart(0, 0, Text("x")))
    assert stream.begun


def test_a_failure_before_the_beginning_says_nothing_to_the_caller() -> None:
    failure = Failure(FailureKind.overloaded, "busy")
    stream = TranslatedStream(None, CHATTY, PEEK)
    assert stream.event(ErrorEvent(failure)) == b""
    assert stream.failure is failure
    whole = FoldedWhole(CHATTY, "local")
    whole.event(ErrorEvent(failure))
    assert (whole.end(), whole.failure) == (b"", failure)


def test_usage_is_known_before_the_end() -> None:
    whole = FoldedWhole(CHATTY, "local")
    whole.event(UsageEvent(Usage(output=3)))
    assert whole.usage.output == 3


@pytest.mark.parametrize("make", [lambda: RelayedWhole(CHATTY), lambda: TranslatedWhole(CHATTY, WORDY)])
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error": {"message": "no"}}', b"[]"])
def test_what_is_no_answer_is_a_failure(make: Callable[[], Answer], body: bytes) -> None:
    answer = make()
    assert fed(answer, body, []) == b""
    assert answer.failure is not None


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "WHOLE_LIMIT", 10)
    whole = RelayedBytes()
    whole.data(b"x" * 11)
    assert whole.failure is not None
    assert "10 bytes" in whole.failure.message


def test_a_count_of_another_dialect_is_told_in_the_callers() -> None:
    def counted() -> TranslatedCount:
        return TranslatedCount(COUNTERS[ANTHROPIC], CHAT["gemini-generate"])

    assert json.loads(fed(counted(), b'{"input_tokens":7}', [3])) == {"totalTokens": 7}
    answer = counted()
    assert fed(answer, b"{}", []) == b""
    assert answer.failure is not None


def test_an_answer_that_does_not_name_its_model_names_the_one_that_was_asked_for() -> None:
    asked = CHATTY.decode_request(b'{"model": "cohere/command-a", "messages": []}')
    body = (
        b'{"id": "a", "message": {"content": [{"type": "text", "text": "Hi"}]}, "finish_reason": "COMPLETE"}'
    )
    whole = TranslatedWhole(CHAT["cohere-chat"], CHATTY, asked)
    assert json.loads(fed(whole, body, [3]))["model"] == "cohere/command-a"
    vectors = EMBED["openai-embeddings"].decode_request(b'{"model": "cohere/embed", "input": "a"}')
    embedded = OtherWhole(EMBED["openai-embeddings"], EMBED["cohere-embed"], vectors)
    body = b'{"embeddings": {"float": [[1.0]]}, "meta": {"billed_units": {"input_tokens": 2}}}'
    assert json.loads(fed(embedded, body, []))["model"] == "cohere/embed"
    assert embedded.usage.input == 2


def test_a_ranking_of_another_dialect_is_told_in_the_callers() -> None:
    client, upstream = RERANK["cohere-rerank"], RERANK["voyage-rerank"]
    asked = client.decode_request(b'{"model": "m", "query": "q", "documents": ["a", "b"]}')
    whole = OtherWhole(client, upstream, asked)
    body = b'{"data": [{"index": 1, "relevance_score": 0.5}], "usage": {"total_tokens": 7}}'
    told = json.loads(fed(whole, body, [5]))
    assert told["results"] == [{"index": 1, "relevance_score": 0.5}]
    assert (whole.usage.input, whole.losses, whole.failure) == (7, (), None)
    broken = OtherWhole(client, upstream, asked)
    assert fed(broken, b"{}", []) == b""
    assert broken.failure is not None


def test_only_a_dialect_that_tells_an_end_by_what_was_told_is_asked_for_one() -> None:
    failure = Failure(FailureKind.timeout, "silent")
    endings = {
        name: answers.broken_off(TranslatedStream(None, dialect, Peek("m", stream=True)), failure)
        for name, dialect in CHAT.items()
    }
    assert [name for name, told in endings.items() if told] == ["openai-responses"]
    assert b"response.failed" in endings["openai-responses"]
    assert answers.broken_off(None, failure) == b""
