"""Exchanges, read as the conversations they are: an event, and what follows from it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from counterpoint.canonical import (
    Embedding,
    EmbedResponse,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.directory import Key
from counterpoint.gateway.commands import (
    Cancel,
    Command,
    LookUpKey,
    OpenUpstream,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
)
from tests.unit.gateway.conversation import (
    ALPHA,
    ANTHROPIC,
    CHAT_ANSWER,
    CHAT_STREAM,
    EMBEDDINGS,
    KEY,
    OPENAI,
    answer_of,
    chat,
    engine,
    entry_of,
    head_of,
    lead,
    message,
    opened,
    streamed,
)

EVENTS = (
    StartEvent(id="e", model="tiny"),
    PartStart(0, 0, Text("")),
    PartDelta(0, 0, "Hel"),
    PartDelta(0, 0, "lo"),
    PartEnd(0, 0),
    FinishEvent(0, Finish("stop")),
    UsageEvent(Usage(input=3, output=2)),
)


@pytest.mark.parametrize(("dialect", "shape"), [(OPENAI, ("error", "code")), (ANTHROPIC, ("error", "type"))])
def test_without_a_key_nothing_is_asked_of_anyone(dialect: str, shape: tuple[str, str]) -> None:
    commands = lead(chat("gpt-x"), dialect, secret=None).start(1.0)
    status, _, body = answer_of(commands)
    assert status == 401
    assert "Authorization: Bearer" in body[shape[0]]["message"]
    assert body[shape[0]][shape[1]]
    assert entry_of(commands).failure == "authentication"
    assert len(commands) == 2


def test_a_key_newer_than_the_directory_is_looked_up() -> None:
    exchange = lead(chat("gpt-x"), secret="brand-new-key")
    assert [type(item) for item in exchange.start(1.0)] == [LookUpKey]
    assert opened(exchange.key_found(KEY, 1.1)).host.name == "alpha"


def test_an_unknown_key_is_refused_without_being_repeated() -> None:
    exchange = lead(chat("gpt-x"), secret="abcdefghijklmnop")
    exchange.start(1.0)
    status, _, body = answer_of(exchange.key_found(None, 1.1))
    assert status == 401
    assert "abcdef" in body["error"]["message"]
    assert "abcdefg" not in body["error"]["message"]


def test_an_expired_key_says_when_and_what_to_do() -> None:
    exchange = lead(chat("gpt-x"), secret="other")
    exchange.start(1.0)
    expired = Key(id="k", name="old", project="p", organisation="o", expires=1_700_000_000.0)
    status, _, body = answer_of(exchange.key_found(expired, 1.1))
    assert status == 401
    assert "2023-11-14" in body["error"]["message"]
    assert "keys rotate old" in body["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"model": 5}', b'{"messages": []}', b"\xff\xfe"])
def test_a_body_that_cannot_be_read_is_a_bad_request(body: bytes) -> None:
    for dialect in (OPENAI, ANTHROPIC):
        assert answer_of(lead(body, dialect).start(1.0))[0] == 400


def test_an_unknown_model_is_answered_with_the_nearest_names() -> None:
    commands = lead(chat("gtp-x")).start(1.0)
    status, _, body = answer_of(commands)
    assert (status, body["error"]["code"], body["error"]["param"]) == (404, "model_not_found", "model")
    assert "gpt-x" in body["error"]["message"]
    assert entry_of(commands).requested == "gtp-x"


def test_a_key_is_kept_to_its_models() -> None:
    assert opened(lead(chat("gpt-x"), secret="narrow").start(1.0)).host.name == "alpha"
    status, _, body = answer_of(lead(chat("claude-x"), secret="narrow").start(1.0))
    assert (status, "narrow" in body["error"]["message"]) == (403, True)
    # The name is allowed at one of its two hosts only: the other must not even serve as a fallback.
    exchange = lead(chat("both"), secret="narrow")
    assert opened(exchange.start(1.0)).host.name == "alpha"
    assert answer_of(exchange.upstream_lost("reset", 2.0))[0] == 502


def test_a_model_that_cannot_chat_says_so() -> None:
    status, _, body = answer_of(lead(chat("e5")).start(1.0))
    assert status == 400
    assert "chat" in body["error"]["message"]


def test_an_answer_in_the_callers_own_dialect_is_relayed_untouched() -> None:
    body = chat("fast", unknown={"kept": 1.50})
    exchange = lead(body)
    sent = opened(exchange.start(1.0))
    assert sent.body == body.replace(b'"fast"', b'"gpt-x"')
    assert sent.path == "/chat/completions"
    assert exchange.upstream_head(200, {}, 1.2) == []
    assert exchange.upstream_data(CHAT_ANSWER[:40], 1.3) == []
    assert exchange.upstream_data(CHAT_ANSWER[40:], 1.3) == []
    commands = exchange.upstream_end(1.5)
    assert [item.body for item in commands if isinstance(item, Respond)] == [CHAT_ANSWER]
    _, headers, _ = answer_of(commands)
    assert headers["x-request-id"] == "id-1"
    assert headers["x-counterpoint-offering"] == "alpha/gpt-x"
    entry = entry_of(commands)
    assert (entry.usage.input, entry.usage.cache_read, entry.usage.output) == (6, 4, 5)
    assert entry.cost == Decimal("0.000056")  # 6 x $2 + 4 x $1 + 5 x $8 per million
    assert headers["x-counterpoint-cost"] == "0.000056 USD"
    assert (entry.total_micros, entry.key, entry.maker, entry.finish) == (1_500_000, "k1", "maker-a", "stop")


def test_a_stream_begins_with_its_first_event_and_is_settled_before_its_last() -> None:
    exchange = lead(chat("gpt-x", stream=True, stream_options={"include_usage": True}))
    exchange.start(1.0)
    assert exchange.upstream_head(200, {}, 1.1) == []
    assert exchange.upstream_data(CHAT_STREAM[0][:20], 1.2) == []
    seen = exchange.upstream_data(CHAT_STREAM[0][20:] + CHAT_STREAM[1], 1.3)
    assert [type(item) for item in seen] == [RespondHead, RespondBytes]
    assert head_of(seen)["content-type"].startswith("text/event-stream")
    for piece in CHAT_STREAM[2:-1]:
        seen += exchange.upstream_data(piece, 1.4)
    assert not any(isinstance(item, Settle) for item in seen)
    last = exchange.upstream_data(CHAT_STREAM[-1], 1.5)
    assert [type(item) for item in last] == [Settle, RespondBytes]
    entry = entry_of(last)
    assert (entry.usage.input, entry.usage.output, entry.first_event_micros) == (10, 5, 1_300_000)
    end = exchange.upstream_end(1.6)
    assert [type(item) for item in end] == [RespondEnd]
    assert streamed([*seen, *last, *end]) == b"".join(CHAT_STREAM)


def test_usage_that_only_we_asked_for_is_not_shown() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    assert json.loads(opened(exchange.start(1.0)).body)["stream_options"] == {"include_usage": True}
    exchange.upstream_head(200, {}, 1.1)
    commands: list[Command] = []
    for piece in CHAT_STREAM:
        commands += exchange.upstream_data(piece, 1.2)
    assert b"prompt_tokens" not in streamed(commands)
    assert b"[DONE]" in streamed(commands)
    assert entry_of(commands).usage.output == 5


def test_the_next_host_is_tried_while_nothing_has_been_sent() -> None:
    exchange = lead(chat("both", stream=True))
    assert opened(exchange.start(1.0)).host.name == "alpha"
    assert opened(exchange.upstream_lost("refused", 1.1)).host.name == "gamma"
    exchange.upstream_head(200, {}, 1.2)
    commands = exchange.upstream_data(b"".join(CHAT_STREAM), 1.3)
    assert head_of(commands)["x-counterpoint-offering"] == "gamma/both-g"
    tried = entry_of(commands).attempts
    assert [(item.offering, item.failure) for item in tried] == [
        ("alpha/both-a", "upstream_error"),
        ("gamma/both-g", None),
    ]


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (429, True), (503, True), (401, True), (400, False)]
)
def test_a_status_decides_whether_another_host_is_worth_it(status: int, again: bool) -> None:
    exchange = lead(chat("both"))
    exchange.start(1.0)
    exchange.upstream_head(status, {}, 1.1)
    exchange.upstream_data(b'{"error": {"message": "no", "type": "x"}}', 1.1)
    commands = exchange.upstream_end(1.2)
    assert any(isinstance(item, OpenUpstream) for item in commands) is again
    if not again:
        code, _, body = answer_of(commands)
        assert (code, body["error"]["message"]) == (400, "no")


def test_an_error_hidden_in_a_200_counts_as_a_failure() -> None:
    exchange = lead(chat("both"))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(b'{"error": {"message": "overloaded", "code": 503}}', 1.1)
    assert opened(exchange.upstream_end(1.2)).host.name == "gamma"


def test_our_own_credentials_are_not_the_callers_fault() -> None:
    exchange = lead(chat("gpt-x"))
    exchange.start(1.0)
    exchange.upstream_head(401, {}, 1.1)
    exchange.upstream_data(b'{"error": {"message": "Incorrect API key sk-...."}}', 1.1)
    status, _, body = answer_of(exchange.upstream_end(1.2))
    assert status == 502
    assert "providers test alpha" in body["error"]["message"]
    assert "sk-" not in json.dumps(body)


def test_a_stream_that_breaks_ends_in_an_error_event() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_STREAM[0] + CHAT_STREAM[1], 1.2)
    commands = exchange.upstream_lost("reset", 1.3)
    assert [type(item) for item in commands] == [Settle, RespondEnd]
    assert b'"error"' in streamed(commands)
    assert b"alpha" in streamed(commands)
    assert entry_of(commands).failure == "upstream_error"


def test_a_stream_cut_without_a_word_is_not_taken_for_whole() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_STREAM[0] + CHAT_STREAM[1], 1.2)
    commands = exchange.upstream_end(1.3)
    assert b'"error"' in streamed(commands)
    assert entry_of(commands).failure is not None


def test_a_client_that_leaves_stops_the_host_and_is_accounted_for() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_STREAM[0] + CHAT_STREAM[1], 1.2)
    commands = exchange.client_gone(1.3)
    assert [type(item) for item in commands] == [Cancel, Settle]
    assert entry_of(commands).status == 499
    assert exchange.upstream_data(CHAT_STREAM[2], 1.4) == []


def test_silence_is_timed_out() -> None:
    exchange = lead(chat("both"))
    exchange.start(1.0)
    assert exchange.deadline is not None
    assert exchange.timer(exchange.deadline - 0.1) == []
    commands = exchange.timer(exchange.deadline + 0.1)
    assert isinstance(commands[0], Cancel)
    assert opened(commands).host.name == "gamma"
    assert exchange.deadline is not None
    status, _, body = answer_of(exchange.timer(exchange.deadline + 0.1))
    assert (status, "gamma" in body["error"]["message"]) == (504, True)


def test_a_host_has_its_whole_time_again_when_a_slow_client_reads_on() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_STREAM[0], 1.2)
    late = 1.2 + ALPHA.idle_timeout * 3  # nobody listened to the host in all this time
    assert exchange.client_ready(late) == []
    assert exchange.timer(late + ALPHA.idle_timeout - 1) == []
    assert exchange.timer(late + ALPHA.idle_timeout + 1) != []


def test_a_client_that_reads_an_earlier_answer_takes_no_time_from_the_first_event_of_this_one() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    exchange.start(1.0)
    assert exchange.client_ready(5.0) == []
    assert exchange.deadline == 5.0 + ALPHA.first_event_timeout > 5.0 + ALPHA.idle_timeout


def test_a_whole_answer_in_drops_has_the_time_of_a_first_event_and_no_more() -> None:
    exchange = lead(chat("gpt-x"))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    late = 1.0 + ALPHA.first_event_timeout
    exchange.upstream_data(b"{", 2.0)
    assert exchange.deadline == 2.0 + ALPHA.idle_timeout
    exchange.upstream_data(b" ", late - 1.0)
    assert exchange.deadline == late
    status, _, _ = answer_of(exchange.timer(late))
    assert status == 504


def test_what_comes_before_the_first_event_does_not_put_off_its_deadline() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    deadline = exchange.deadline
    assert exchange.upstream_data(b": still working\n\n", 500.0) == []
    assert exchange.deadline == deadline
    exchange.upstream_data(CHAT_STREAM[1], 501.0)
    assert exchange.deadline == 501.0 + ALPHA.idle_timeout


@pytest.mark.parametrize(("dialect", "body"), [(OPENAI, chat), (ANTHROPIC, message)])
@pytest.mark.parametrize("last", ["silence", "more", "a break", "an end"])
def test_a_complete_answer_ends_whatever_its_host_does_then(dialect: str, body: Any, last: str) -> None:
    exchange = lead(body("gpt-x", stream=True), dialect)
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    commands = exchange.upstream_data(b"".join(CHAT_STREAM), 1.2)
    assert entry_of(commands).failure is None
    assert exchange.deadline is not None
    commands += {
        "silence": lambda: exchange.timer(exchange.deadline or 0),
        "more": lambda: exchange.upstream_data(b": and then\n\n", 1.3),
        "a break": lambda: exchange.upstream_lost("reset", 1.3),
        "an end": lambda: exchange.upstream_end(1.3),
    }[last]()
    assert isinstance(commands[-1], RespondEnd)
    assert streamed(commands).rstrip().endswith(b"[DONE]" if dialect == OPENAI else b'"message_stop"}')


def test_an_error_event_ends_the_stream_at_once() -> None:
    exchange = lead(chat("gpt-x", stream=True))
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_STREAM[1], 1.2)
    commands = exchange.upstream_data(b'data: {"error": {"message": "boom"}}\n\n', 1.3)
    assert [type(item) for item in commands] == [Settle, Cancel, RespondEnd]
    assert entry_of(commands).failure == "upstream_error"


def test_a_host_that_points_elsewhere_is_not_followed() -> None:
    exchange = lead(chat("gpt-x"))
    exchange.start(1.0)
    exchange.upstream_head(307, {"location": "https://elsewhere.example"}, 1.1)
    status, headers, body = answer_of(exchange.upstream_end(1.2))
    assert (status, body["error"]["code"]) == (502, "host_redirects")
    assert "location" not in headers


def test_an_error_body_is_read_only_so_far() -> None:
    exchange = lead(chat("gpt-x"))
    exchange.start(1.0)
    exchange.upstream_head(400, {}, 1.1)
    assert exchange.upstream_data(b" " * 1_000_000, 1.2) == []
    commands = exchange.upstream_data(b" " * 1_000_000, 1.3)
    assert isinstance(commands[0], Cancel)
    assert answer_of(commands)[0] == 400


def test_another_dialect_is_translated_and_losses_are_declared() -> None:
    body = message("gpt-x", top_k=5, system="Be brief.")
    exchange = lead(body, ANTHROPIC, headers={b"anthropic-beta": b"x", b"anthropic-version": b"2023-06-01"})
    sent = json.loads(opened(exchange.start(1.0)).body)
    assert sent["messages"][0] == {"role": "system", "content": "Be brief."}
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(CHAT_ANSWER, 1.2)
    commands = exchange.upstream_end(1.3)
    status, headers, answer = answer_of(commands)
    assert (status, answer["type"], answer["stop_reason"]) == (200, "message", "end_turn")
    assert answer["content"] == [{"type": "text", "text": "Hello"}]
    assert answer["usage"]["input_tokens"] == 6
    assert answer["usage"]["cache_read_input_tokens"] == 4
    paths = {loss.path for loss in entry_of(commands).losses}
    assert {"top_k", "headers.anthropic-beta"} <= paths
    assert "top_k" in headers["x-counterpoint-losses"]


def test_a_translated_stream_speaks_the_callers_grammar() -> None:
    exchange = lead(message("gpt-x", stream=True), ANTHROPIC)
    exchange.start(1.0)
    exchange.upstream_head(200, {}, 1.1)
    commands: list[Command] = []
    for piece in CHAT_STREAM:
        commands += exchange.upstream_data(piece, 1.2)
    commands += exchange.upstream_end(1.3)
    kinds = [line[7:] for line in streamed(commands).decode().splitlines() if line.startswith("event: ")]
    assert kinds[0] == "message_start"
    assert kinds[-2:] == ["message_delta", "message_stop"]
    settled = [type(item) for item in commands].index(Settle)
    stop = next(
        index
        for index, item in enumerate(commands)
        if isinstance(item, RespondBytes | RespondEnd) and b"message_stop" in item.data
    )
    assert settled < stop


def test_what_a_stream_loses_on_its_way_is_in_the_ledger() -> None:
    exchange = lead(message("tiny", stream=True), ANTHROPIC)
    exchange.start(1.0)
    commands: list[Command] = []
    for event in (*EVENTS[:2], PartDelta(0, 0, "Hi", logprobs=[{"token": "Hi"}]), *EVENTS[2:]):
        commands += exchange.engine_event(event, 1.1)
    commands += exchange.engine_done(1.2)
    assert [loss.code for loss in entry_of(commands).losses] == ["logprobs"]


def test_a_host_of_the_callers_dialect_gets_the_callers_own_headers() -> None:
    headers = {b"anthropic-beta": b"x", b"anthropic-version": b"2023-06-01", b"cookie": b"secret"}
    sent = opened(lead(message("beta/claude-x"), ANTHROPIC, headers=headers).start(1.0))
    assert dict(sent.headers) == {b"anthropic-beta": b"x", b"anthropic-version": b"2023-06-01"}


@pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC])
@pytest.mark.parametrize("stream", [True, False])
def test_a_local_model_answers_in_any_dialect(dialect: str, stream: bool) -> None:
    exchange = lead(message("claude-3-5-haiku", stream=stream), dialect)
    assert engine(exchange.start(1.0)).model == "tiny"
    commands: list[Command] = []
    for event in EVENTS:
        commands += exchange.engine_event(event, 1.1)
    commands += exchange.engine_done(1.2)
    assert entry_of(commands).cost == 0
    if stream:
        assert b"Hel" in streamed(commands)
    else:
        assert "Hello" in json.dumps(answer_of(commands)[2])


def test_a_local_model_that_dies_is_said_to_have_died() -> None:
    exchange = lead(chat("tiny"))
    exchange.start(1.0)
    failure = Failure(FailureKind.unavailable, "the process ended", code="engine_lost", from_upstream=True)
    status, _, body = answer_of(exchange.engine_failed(failure, 1.1))
    assert (status, body["error"]["message"]) == (503, "the process ended")


def test_how_long_a_local_model_stays_is_the_callers_to_say() -> None:
    assert engine(lead(chat("tiny", keep_alive="5m")).start(1.0)).keep_alive == 300
    assert engine(lead(chat("tiny", keep_alive=-1)).start(1.0)).keep_alive == -1
    assert engine(lead(chat("tiny")).start(1.0)).keep_alive is None
    assert answer_of(lead(chat("tiny", keep_alive="soon")).start(1.0))[0] == 400


def test_vectors_come_from_hosts_and_from_local_models() -> None:
    body = json.dumps({"model": "alpha/vectors", "input": ["a"]}).encode()
    exchange = lead(body, EMBEDDINGS, operation="embed")
    assert opened(exchange.start(1.0)).path == "/embeddings"
    exchange = lead(body.replace(b"alpha/vectors", b"e5"), EMBEDDINGS, operation="embed")
    assert engine(exchange.start(1.0)).operation == "embed"
    result = EmbedResponse("e5", (Embedding(0, (0.5, -0.5)),), Usage(input=3))
    _, _, answer = answer_of(exchange.engine_result(result, 1.1))
    assert answer["data"][0]["embedding"] == [0.5, -0.5]
    assert answer["usage"]["prompt_tokens"] == 3


def test_tokens_are_counted_by_whoever_can() -> None:
    exchange = lead(message("beta/claude-x"), ANTHROPIC, operation="count_tokens")
    assert opened(exchange.start(1.0)).path == "/v1/messages/count_tokens"
    exchange.upstream_head(200, {}, 1.1)
    exchange.upstream_data(b'{"input_tokens": 12}', 1.1)
    assert answer_of(exchange.upstream_end(1.2))[2] == {"input_tokens": 12}

    exchange = lead(message("beta/claude-x"), ANTHROPIC, operation="count_tokens")
    exchange.start(1.0)
    exchange.upstream_head(404, {}, 1.1)
    exchange.upstream_data(b'{"detail": "Not Found"}', 1.1)
    assert "estimated" in answer_of(exchange.upstream_end(1.2))[1]["x-counterpoint-losses"]

    exchange = lead(message("beta/claude-x"), ANTHROPIC, operation="count_tokens")
    exchange.start(1.0)
    exchange.upstream_head(404, {}, 1.1)
    exchange.upstream_data(b'{"type":"error","error":{"type":"not_found_error","message":"model: x"}}', 1.1)
    assert answer_of(exchange.upstream_end(1.2))[0] == 404

    exchange = lead(message("tiny"), ANTHROPIC, operation="count_tokens")
    exchange.start(1.0)
    assert answer_of(exchange.engine_result(7, 1.1))[2] == {"input_tokens": 7}

    commands = lead(message("gpt-x"), ANTHROPIC, operation="count_tokens").start(1.0)
    _, headers, body = answer_of(commands)
    assert body["input_tokens"] > 0
    assert "count_tokens.estimated" in headers["x-counterpoint-losses"]
