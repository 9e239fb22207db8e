"""What the official client reads of the dialect's own lists, and that its parts are put together."""

import json

from openai.pagination import SyncPage
from openai.types import Model

from counterpoint.canonical import ChatResponse, Failure, FailureKind
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_chat import NAME, OpenAIChat
from tests.unit.dialects.openai_chat.bodies import asked, chunk, sse

DIALECT = OpenAIChat(now=lambda: 99.9)
MODELS = [
    {"id": "host/a", "created": 7, "owner": "maker", "name": "A", "context": 4096},
    {"id": "b", "created": 0, "owner": "", "name": "", "context": None},
]


def test_models_are_listed_as_the_official_client_reads_them() -> None:
    body = DIALECT.encode_models(MODELS)
    page = SyncPage[Model].model_validate_json(body)
    assert [(model.id, model.created, model.owned_by) for model in page.data] == [
        ("host/a", 7, "maker"),
        ("b", 0, "unknown"),
    ]
    assert json.loads(body)["data"][0]["context_length"] == 4096
    assert json.loads(DIALECT.encode_model(MODELS[1])) == {
        "id": "b",
        "object": "model",
        "created": 0,
        "owned_by": "unknown",
    }


def test_a_token_count_has_a_number() -> None:
    assert json.loads(DIALECT.encode_token_count(7))["input_tokens"] == 7


def test_a_request_and_its_answer_go_through() -> None:
    body = asked(stream=True)
    peeked = DIALECT.peek(body)
    assert json.loads(DIALECT.rewrite(body, peeked, Target("new")))["model"] == "new"
    request = DIALECT.decode_request(body)
    assert json.loads(DIALECT.encode_request(request, Target("m"), NAME).body) == json.loads(body)
    stream = sse(chunk({"content": "x"}), chunk(finish="stop"))
    relay = DIALECT.relay(Peek("m", stream=True))
    assert relay.feed(stream) + relay.close() == stream
    decoder, encoder = DIALECT.stream_decoder(), DIALECT.stream_encoder("m", include_usage=False)
    events = decoder.feed(stream) + decoder.close()
    assert (b"".join(map(encoder.encode, events)) + encoder.close()).endswith(b"data: [DONE]\n\n")


def test_an_answer_without_time_gets_it_from_the_clock() -> None:
    encoded = DIALECT.encode_response(ChatResponse("r", "m"), "elsewhere")
    assert json.loads(encoded.body)["created"] == 99
    response = DIALECT.decode_response(encoded.body)
    assert (response.id, response.created) == ("r", 99)
    assert DIALECT.read(encoded.body).id == "r"


def test_failures_go_both_ways() -> None:
    failure = DIALECT.decode_error(404, {}, b'{"error":{"message":"no such model","code":"model_not_found"}}')
    assert DIALECT.encode_error(failure, "r").status == 404
    event = DIALECT.encode_stream_error(Failure(FailureKind.internal, "x"), "r")
    assert event.startswith(b'data: {"error":')
