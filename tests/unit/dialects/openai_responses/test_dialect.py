"""That the dialect's parts are put together."""

import json

from counterpoint.canonical import ChatResponse, ErrorEvent, Failure, FailureKind, FinishEvent
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_responses import NAME, OpenAIResponses
from tests.unit.dialects.openai_responses.bodies import answer, asked, completed, created, said, sse

DIALECT = OpenAIResponses(now=lambda: 99.9)


def test_it_is_entered_by_the_same_doors_in_each_style() -> None:
    assert DIALECT.name == NAME
    for base in ("/v1", "/openai/v1", "/openai"):
        doors = {
            (door.method, door.path): door.operation for door in DIALECT.doors if door.path.startswith(base)
        }
        assert doors["POST", f"{base}/responses"] == "chat"
        assert doors["POST", f"{base}/responses/input_tokens"] == "count_tokens"
        assert doors["GET", f"{base}/responses/"] == doors["DELETE", f"{base}/responses/"] == "kept"
        assert doors["POST", f"{base}/conversations"] == "conversations"


def test_a_request_and_its_answer_go_through() -> None:
    body = asked()
    peek = DIALECT.peek(body)
    assert json.loads(DIALECT.rewrite(body, peek, Target("x")))["model"] == "x"
    request = DIALECT.decode_request(body)
    assert json.loads(DIALECT.encode_request(request, Target("m"), NAME).body) == json.loads(body)
    whole = json.dumps(answer(said("hi"))).encode()
    assert DIALECT.read(whole).id == "resp_1"
    assert json.loads(DIALECT.encode_response(DIALECT.decode_response(whole), NAME).body) == json.loads(whole)
    assert (
        json.loads(DIALECT.encode_response(ChatResponse("r", "m"), "local", request).body)["created_at"] == 99
    )


def test_streams_go_through() -> None:
    body = sse(created(), completed(said("hi")))
    relay, decoder = DIALECT.relay(Peek("m", stream=True)), DIALECT.stream_decoder()
    assert relay.feed(body) + relay.close() == body
    events = decoder.feed(body)
    assert isinstance(events[-1], FinishEvent)
    encoder = DIALECT.stream_encoder("m", include_usage=True)
    assert b"".join(map(encoder.encode, events)) + encoder.close()


def test_failures_go_through() -> None:
    failure = DIALECT.decode_error(429, {"retry-after": "3"}, b'{"error":{"message":"slow"}}')
    assert (failure.kind, failure.retry_after) == (FailureKind.rate_limited, 3)
    reply = DIALECT.encode_error(failure, "r")
    assert (reply.status, json.loads(reply.body)["error"]["message"]) == (429, "slow")
    late = Failure(FailureKind.timeout, "late")
    told = DIALECT.encode_stream_error(late, "r")
    assert isinstance(DIALECT.stream_decoder().feed(told)[-1], ErrorEvent)


def test_lists_and_counts_are_those_of_the_makers_other_api() -> None:
    model = {"id": "m", "created": 1, "owner": "o", "name": "", "context": None}
    assert json.loads(DIALECT.encode_models([model]))["data"][0]["id"] == "m"
    assert json.loads(DIALECT.encode_model(model))["object"] == "model"
    assert json.loads(DIALECT.encode_token_count(4)) == {"object": "response.input_tokens", "input_tokens": 4}
