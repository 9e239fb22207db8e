"""Real requests and answers of the Messages API, damaged at random: read or refused clearly, never anything else."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.canonical import ErrorEvent, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.recordings import recordings

DIALECT, OTHER = CHAT["anthropic-messages"], CHAT["openai-chat"]
JUNK = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(
        [[], {}, [[]], [{}], {"type": "text"}, {"type": "tool_result", "tool_use_id": "x"}, [None]]
    )
)


@pytest.fixture(scope="module")
def bodies(shared: Path) -> dict[str, list[Any]]:
    """Requests, answers and stream events of moderate size, each once."""
    found: dict[str, dict[str, Any]] = {"request": {}, "answer": {}, "event": {}}
    for recording in recordings(shared / "data" / "provider-recordings", "anthropic-messages"):
        if len(recording.request_body) < 6000:
            found["request"][recording.request_hash] = json.loads(recording.request_body or b"{}")
        if recording.status == 200 and len(recording.response_body) < 20_000:
            if recording.response_body.startswith(b"{"):
                found["answer"][recording.name] = json.loads(recording.response_body)
            else:
                lines = [
                    line[5:] for line in recording.response_body.splitlines() if line.startswith(b"data:")
                ]
                found["event"][recording.name] = [json.loads(line) for line in lines]
    return {kind: list(each.values()) for kind, each in found.items()}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where anything stands in `value`."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def damaged(data: st.DataObject, value: Any) -> Any:
    """`value` with one to three of its places replaced, taken out, doubled or renamed."""
    value = json.loads(json.dumps(value))
    for _ in range(data.draw(st.integers(1, 3))):
        every = [place for place in places(value) if place]
        if not every:
            return value
        *way, last = data.draw(st.sampled_from(every))
        holder = value
        for key in way:
            holder = holder[key]
        match data.draw(st.sampled_from(["replace", "remove", "rename"])):
            case "replace":
                holder[last] = json.loads(json.dumps(data.draw(JUNK)))
            case "remove":
                del holder[last]
            case "rename" if isinstance(holder, dict):
                holder[data.draw(st.sampled_from(["type", "content", "x", "role", "source", "input"]))] = (
                    holder.pop(last)
                )
            case "rename":
                holder.append(holder[last])
    return value


def check_refusal(refused: Refused, *, of_client: bool) -> None:
    failure = refused.failure
    assert failure.message
    if of_client:
        assert failure.kind is FailureKind.bad_request
        reply = DIALECT.encode_error(failure, "r")
        assert reply.status == 400
    else:
        assert failure.from_upstream


@given(data=st.data())
@settings(max_examples=150)
def test_a_damaged_request_is_read_or_refused(bodies: dict[str, list[Any]], data: st.DataObject) -> None:
    body = json.dumps(damaged(data, data.draw(st.sampled_from(bodies["request"])))).encode()
    try:
        request = DIALECT.decode_request(body)
    except Refused as refused:
        check_refusal(refused, of_client=True)
        return
    same = DIALECT.encode_request(
        request, Target(request.model, quirks=frozenset({"unsigned_thinking"})), DIALECT.name
    )
    assert json.loads(same.body) == json.loads(body)
    other = OTHER.encode_request(request, Target("m"), DIALECT.name)
    assert OTHER.decode_request(other.body).model == "m"
    try:
        DIALECT.rewrite(body, DIALECT.peek(body), Target("n"))
    except Refused as refused:
        check_refusal(refused, of_client=True)


@given(data=st.data())
def test_a_damaged_request_of_the_other_dialect_goes_through(
    bodies: dict[str, list[Any]], data: st.DataObject
) -> None:
    """What was damaged but still understood is said in the other dialect, damaged there, and said again here."""
    request = DIALECT.decode_request(json.dumps(data.draw(st.sampled_from(bodies["request"]))).encode())
    there = json.loads(OTHER.encode_request(request, Target("m"), DIALECT.name).body)
    try:
        strange = OTHER.decode_request(json.dumps(damaged(data, there)).encode())
    except Refused as refused:
        check_refusal(refused, of_client=True)
        return
    encoded = DIALECT.encode_request(strange, Target("claude-sonnet-4-5"), OTHER.name)
    again = DIALECT.decode_request(encoded.body)
    assert again.max_output is not None
    assert all(loss.code and loss.detail for loss in encoded.losses)


@given(data=st.data())
def test_a_damaged_answer_is_read_or_refused(bodies: dict[str, list[Any]], data: st.DataObject) -> None:
    body = json.dumps(damaged(data, data.draw(st.sampled_from(bodies["answer"])))).encode()
    try:
        answer = DIALECT.decode_response(body)
        DIALECT.read(body)
    except Refused as refused:
        check_refusal(refused, of_client=False)
        return
    DIALECT.decode_response(DIALECT.encode_response(answer, DIALECT.name).body)
    OTHER.decode_response(OTHER.encode_response(answer, DIALECT.name).body)


@given(data=st.data())
def test_a_damaged_stream_never_raises(bodies: dict[str, list[Any]], data: st.DataObject) -> None:
    events = damaged(data, data.draw(st.sampled_from(bodies["event"])))
    body = b"".join(b"data: %b\n\n" % json.dumps(event).encode() for event in events)
    decoder, relay = DIALECT.stream_decoder(), DIALECT.relay(Peek("m", stream=True))
    told = decoder.feed(body) + decoder.close()
    assert isinstance(told[-1], ErrorEvent) or decoder.complete
    passed = relay.feed(body) + relay.close()
    assert passed.startswith(body) or not relay.complete
    assert relay.reading.usage.output_total >= 0
    for dialect in (DIALECT, OTHER):
        encoder = dialect.stream_encoder("m", include_usage=True)
        assert b"".join(map(encoder.encode, told)) + encoder.close()
