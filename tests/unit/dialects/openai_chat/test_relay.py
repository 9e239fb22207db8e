"""The relayed path: bytes pass, a few facts are read, and only what we asked for ourselves is taken out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import FailureKind, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_chat.relay import OpenAIRelay, peek, read, rewrite
from tests.unit.dialects.openai_chat.bodies import asked, chunk, sse

USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
WANTED, UNASKED = Peek("m", stream=True, include_usage=True), Peek("m", stream=True, include_usage=False)
HEAD = sse(chunk({"content": "x"}), done=False)
END = sse(chunk(finish="stop"), done=False)
TOTAL = sse({"id": "c1", "choices": [], "usage": USAGE}, done=False)
DONE = b"data: [DONE]\n\n"


def relayed(body: bytes, how: Peek = WANTED, size: int = 7) -> tuple[OpenAIRelay, bytes]:
    relay = OpenAIRelay(how)
    passed = b"".join(relay.feed(body[start : start + size]) for start in range(0, len(body), size))
    return relay, passed + relay.close()


def test_a_peek_reads_what_routing_needs() -> None:
    assert peek(asked()) == Peek("m", stream=False, include_usage=False)
    assert peek(asked(stream=None, stream_options=None)) == Peek("m", stream=False, include_usage=False)
    options = {"include_usage": True, "include_obfuscation": False}
    assert peek(asked(stream=True, stream_options=options)) == Peek("m", stream=True, include_usage=True)


UNROUTABLE: dict[bytes, str | None] = {
    b"": None,
    b"[]": None,
    b'{"model":"m"': None,
    b'{"model":"m","x":' + b"[" * 100_000 + b"}": None,
    b"{}": "model",
    b'{"model":3}': "model",
    b'{"model":null}': "model",
    b'{"model":""}': "model",
    b'{"model":"m","stream":"yes"}': "stream",
    b'{"model":"m","stream_options":3}': "stream_options",
    b'{"model":"m","stream_options":{"include_usage":"x"}}': "stream_options.include_usage",
}


def test_what_cannot_be_routed_is_refused() -> None:
    for body, param in UNROUTABLE.items():
        with pytest.raises(Refused) as caught:
            peek(body)
        failure = caught.value.failure
        assert (failure.kind, failure.param) == (FailureKind.bad_request, param), body[:40]


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"m","messages":[]}',
        b'{ "messages" : [ 1.50, "\\u00e9" ] , "model" :\n"m" }',
        b'{"model":"a","model":"m"}',
        b'{"mod\\u0065l":"m","a":{"model":"m"}}',
        b'{"model":"\\u006d"}',
        b'{"a":"model","model":"m"}',
        b'{"a":"\\"model\\":\\"m\\"","model":"m"}',
    ],
)
def test_the_models_name_alone_is_changed(body: bytes) -> None:
    after = rewrite(body, peek(body), Target('host/"new"'))
    assert json.loads(after) == {**json.loads(body), "model": 'host/"new"'}


def test_every_other_byte_stays() -> None:
    body = b'{ "temperature" : 1.50, "model": "m" ,"messages":[ {"role":"user"} ]}'
    assert rewrite(body, peek(body), Target("new")) == body.replace(b'"m" ', b'"new" ')
    assert rewrite(body, peek(body), Target("m")) is body
    assert rewrite(body, peek(body), Target("")) is body


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({}, {"include_usage": True}),
        ({"stream_options": None}, {"include_usage": True}),
        ({"stream_options": {"include_usage": False, "x": 1}}, {"include_usage": True, "x": 1}),
    ],
)
def test_usage_is_demanded_where_a_stream_lacks_it(fields: Any, options: Any) -> None:
    body = asked(stream=True, **fields)
    after = json.loads(rewrite(body, peek(body), Target("m")))
    assert after == {**json.loads(body), "stream_options": options}
    assert rewrite(body, peek(body), Target("m", quirks=frozenset({"no_stream_options"}))) is body


def test_usage_is_demanded_even_behind_escapes() -> None:
    body = b'{"model":"m","stream":true,"stream\\u005foptions":{"include_usage":false}}'
    after = json.loads(rewrite(body, peek(body), Target("m")))
    assert after["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    ("quirks", "fields", "expected"),
    [
        ({"max_tokens"}, {"max_completion_tokens": 5}, {"max_tokens": 5}),
        ({"max_completion_tokens"}, {"max_tokens": 5}, {"max_completion_tokens": 5}),
        ({"max_tokens"}, {"max_tokens": 4, "max_completion_tokens": 5}, {"max_tokens": 4}),
        ({"max_tokens"}, {"seed": 5}, {"seed": 5}),
    ],
)
def test_names_that_a_host_refuses_are_replaced(quirks: set[str], fields: Any, expected: Any) -> None:
    body = asked(**fields)
    after = json.loads(rewrite(body, peek(body), Target("m", quirks=frozenset(quirks))))
    assert {name: value for name, value in after.items() if name not in {"model", "messages"}} == expected


def test_a_developer_becomes_a_system_where_hosts_know_only_that() -> None:
    body = asked({"role": "developer", "content": "x"}, {"role": "user", "content": "developer"})
    after = json.loads(rewrite(body, peek(body), Target("m", quirks=frozenset({"no_developer_role"}))))
    assert [message["role"] for message in after["messages"]] == ["system", "user"]
    odd = b'{"model":"m","messages":["developer"]}'
    assert json.loads(
        rewrite(odd, peek(odd), Target("m", quirks=frozenset({"no_developer_role"})))
    ) == json.loads(odd)


def test_an_answer_is_read_in_passing() -> None:
    body = json.dumps(
        {"id": "c1", "model": "m", "choices": [{"finish_reason": "length", "message": {}}], "usage": USAGE}
    ).encode()
    reading = read(body)
    assert (reading.usage, reading.finish, reading.model, reading.id) == (
        Usage(input=3, output=2),
        "length",
        "m",
        "c1",
    )


def test_an_answer_with_odd_types_is_read_all_the_same() -> None:
    body = b'{"id":3,"model":"m","choices":[{"finish_reason":7},{"finish_reason":"stop"}],"usage":[]}'
    reading = read(body)
    assert (reading.usage.reported, reading.finish, reading.id) == (False, "stop", None)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"choices":null}', b'{"error":{"message":"x"}}', b"<html>"]
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read(body)
    assert caught.value.failure.from_upstream


@given(st.integers(1, 60), st.sampled_from([WANTED, UNASKED]))
def test_a_stream_passes_less_only_what_we_had_asked_for(size: int, how: Peek) -> None:
    relay, passed = relayed(b": note\n\n" + HEAD + END + TOTAL + DONE, how, size)
    assert passed == b": note\n\n" + HEAD + END + (TOTAL if how.include_usage else b"") + DONE
    assert (relay.begun, relay.complete, relay.failure) == (True, True, None)
    reading = relay.reading
    assert (reading.usage, reading.finish, reading.model, reading.id) == (
        Usage(input=3, output=2),
        "stop",
        "m",
        "c1",
    )


def test_the_very_bytes_are_passed_on() -> None:
    for how in (WANTED, UNASKED):
        relay = OpenAIRelay(how)
        assert relay.feed(HEAD) is HEAD


def test_usage_beside_an_answer_is_not_taken_out() -> None:
    last = sse(chunk(finish="stop", usage=USAGE))
    relay, passed = relayed(HEAD + last, UNASKED)
    assert passed == HEAD + last
    assert relay.reading.usage == Usage(input=3, output=2)
    azure = sse({"id": "", "choices": [], "prompt_filter_results": []}, done=False)
    assert relayed(azure + HEAD + END + DONE, UNASKED)[1] == azure + HEAD + END + DONE


def test_a_comment_is_no_beginning() -> None:
    relay = OpenAIRelay(WANTED)
    relay.feed(b": OPENROUTER PROCESSING\n\n")
    assert not relay.begun
    relay.feed(HEAD)
    assert relay.begun


@pytest.mark.parametrize(
    "error",
    [
        sse({"error": {"message": "bad", "code": 400}}, done=False),
        b'event: error\ndata: {"error":{"message":"bad","status_code":400}}\n\n',
        b'data: {"error":\ndata: {"message":"bad","code":400}}\n\n',
        sse({"error": {"message": "bad", "code": 400}, "choices": 3}, done=False),
    ],
)
def test_an_error_event_is_a_failure_that_the_client_sees(error: bytes) -> None:
    for how in (WANTED, UNASKED):
        relay, passed = relayed(error, how)
        assert passed == error
        assert not relay.begun
        assert relay.failure is not None
        assert (relay.failure.kind, relay.failure.message) == (FailureKind.bad_request, "bad")


@pytest.mark.parametrize("body", [b"", HEAD, HEAD + b'data: {"id"', b": note\n\n"])
def test_an_early_end_is_told_in_the_dialects_words(body: bytes) -> None:
    relay, passed = relayed(body)
    assert relay.failure is not None
    assert relay.failure.kind is FailureKind.upstream_error
    whole = body[: body.rfind(b"\n\n") + 2] if body else b""  # half an event never reaches the client
    assert passed.startswith(whole)
    assert passed.removeprefix(whole).startswith(b'data: {"error":')


def test_a_plain_body_instead_of_a_stream_tells_its_failure() -> None:
    relay, _ = relayed(b'{"error": {"message": "no", "code": "invalid_api_key"}}')
    assert relay.failure is not None
    assert (relay.failure.kind, relay.failure.message) == (FailureKind.authentication, "no")


def test_an_end_without_its_mark_is_an_end() -> None:
    relay, passed = relayed(HEAD + END, UNASKED)
    assert (passed, relay.failure, relay.complete) == (HEAD + END, None, False)
    two = sse(chunk({"content": "x"}), chunk({"content": "y"}, index=1), chunk(finish="stop"), done=False)
    assert relayed(two)[0].failure is not None


def test_an_endless_event_ends_the_stream() -> None:
    relay, piece = OpenAIRelay(WANTED), b"data: " + b"x" * (16 * 1024 * 1024)
    passed = [relay.feed(piece) for _ in range(6)]
    assert b"".join(passed).startswith(b'data: {"error":')
    assert relay.close() == b""
    assert relay.failure is not None


def test_garbage_is_for_the_client_to_see() -> None:
    body = HEAD + b"data: not json\n\ndata: [1]\n\n" + END + DONE
    relay, passed = relayed(body, UNASKED)
    assert (passed, relay.failure) == (body, None)
