"""Models are asked as any client asks them; the gateway here is a scripted one."""

import asyncio
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from counterpoint.app.modelcalls import GatewayCalls, GatewayEmbedder, GatewayModel, cost_of
from counterpoint.control.calling import CallError
from counterpoint.knowledge.answers.port import ModelError


class Gateway:
    """Answers what it is told to; `asked`: what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.answer: dict[str, Any] = {}
        told = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                told.asked.append((self.path, self.headers["authorization"], body))
                sent = json.dumps(told.answer).encode()
                self.send_response(told.status)
                self.send_header("content-length", str(len(sent)))
                self.send_header("x-counterpoint-cost", "0.0021 EUR")
                self.send_header("x-counterpoint-offering", "somewhere/large-1")
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's word
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.close()


@pytest.fixture
def calls(gateway: Gateway) -> Iterator[GatewayCalls]:
    made = GatewayCalls(lambda: gateway.url, "the-key")
    yield made
    made.close()


def test_texts_become_vectors_of_length_one_in_their_order(gateway: Gateway, calls: GatewayCalls) -> None:
    gateway.answer = {"data": [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [3, 4]}]}
    embedder = GatewayEmbedder(calls, "small", 2)
    assert embedder.questions(["a", ""]) == [[0.6, 0.8], [0.0, 1.0]]
    path, key, body = gateway.asked[0]
    assert (path, key) == ("/v1/embeddings", "Bearer the-key")
    assert body == {"model": "small", "input": ["a", " "], "input_type": "query"}
    embedder.passages(["a", "b"])
    assert gateway.asked[1][2]["input_type"] == "passage"
    assert (embedder.name, embedder.dimensions) == ("small", 2)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (503, {"error": {}}),
        (200, {"data": []}),
        (200, {"nothing": 1}),
        (200, {"data": [{"index": 0, "embedding": [0, 0]}]}),
    ],
)
def test_what_is_no_vector_is_said(
    gateway: Gateway, calls: GatewayCalls, status: int, answer: dict[str, Any]
) -> None:
    gateway.status, gateway.answer = status, answer
    with pytest.raises(CallError):
        GatewayEmbedder(calls, "small", 2).questions(["a"])


def test_without_a_gateway_nothing_is_asked() -> None:
    calls = GatewayCalls(str, "the-key")
    with pytest.raises(CallError, match="no gateway"):
        GatewayEmbedder(calls, "small", 2).questions(["a"])
    calls.close()


def test_a_model_answers_with_what_it_cost(gateway: Gateway, calls: GatewayCalls) -> None:
    gateway.answer = {"model": "large-1", "choices": [{"message": {"content": "{}"}}]}
    reply = asyncio.run(GatewayModel(calls, "large")("Answer.", [{"role": "user", "content": "?"}], {}))
    assert (reply.text, reply.model, reply.cost, reply.currency) == (
        "{}",
        "somewhere/large-1",
        Decimal("0.0021"),
        "EUR",
    )
    body = gateway.asked[0][2]
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


def test_a_model_that_does_not_answer_is_away(gateway: Gateway, calls: GatewayCalls) -> None:
    gateway.status = 429
    with pytest.raises(ModelError, match="429"):
        asyncio.run(GatewayModel(calls, "large")("Answer.", [], {}))


def test_a_cost_that_is_not_told_is_not_known() -> None:
    assert cost_of({}) == (None, "USD")
