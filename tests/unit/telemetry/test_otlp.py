import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from counterpoint.canonical import Usage
from counterpoint.ledger import Attempt
from counterpoint.telemetry.otlp import Collector, Telemetry
from tests.entries import make_entry

ENTRY = make_entry(
    host="alpha",
    model="m",
    offering="alpha/m",
    requested="m",
    usage=Usage(input=10, output=5),
    cost=Decimal("0.25"),
    total_micros=300_000,
    attempts=(Attempt("alpha/m", 200, None, 250_000),),
    trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


class Receiver:
    """What a collector got."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.metrics: dict[str, Any] = {}
        self.service = ""
        self.headers: list[str | None] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.take(self.path, body)
                receiver.headers.append(self.headers["x-tenant"])
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def take(self, path: str, body: bytes) -> None:
        if path == "/v1/traces":
            for group in ExportTraceServiceRequest.FromString(body).resource_spans:
                names = {item.key: item.value.string_value for item in group.resource.attributes}
                self.service = names["service.name"]
                self.spans += [span for scope in group.scope_spans for span in scope.spans]
        elif path == "/v1/metrics":
            for metrics in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                for scope in metrics.scope_metrics:
                    self.metrics.update({metric.name: metric for metric in scope.metrics})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_spans_and_metrics_reach_a_collector(receiver: Receiver) -> None:
    telemetry = Telemetry(Collector(receiver.url, {"x-tenant": "acme"}, service="gate"))
    telemetry.take([ENTRY])
    telemetry.close()
    exchange, attempt = sorted(receiver.spans, key=lambda span: span.name != "chat m" or span.kind != 2)
    assert (receiver.service, set(receiver.headers)) == ("gate", {"acme"})
    assert exchange.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert exchange.parent_span_id.hex() == "b7ad6b7169203331"
    assert attempt.parent_span_id == exchange.span_id
    assert exchange.end_time_unix_nano - exchange.start_time_unix_nano == 300_000_000
    told = {item.key: item.value for item in exchange.attributes}
    assert told["gen_ai.usage.input_tokens"].int_value == 10
    tokens = receiver.metrics["gen_ai.client.token.usage"].histogram.data_points
    assert sorted(point.sum for point in tokens) == [5, 10]
    (duration,) = receiver.metrics["gen_ai.client.operation.duration"].histogram.data_points
    assert duration.sum == pytest.approx(0.3)


def test_only_what_is_wanted_is_sent(receiver: Receiver) -> None:
    telemetry = Telemetry(Collector(receiver.url, traces=False))
    telemetry.take([ENTRY])
    telemetry.close()
    assert receiver.spans == []
    assert receiver.metrics


def test_a_caller_who_does_not_sample_has_no_trace(receiver: Receiver) -> None:
    telemetry = Telemetry(Collector(receiver.url, metrics=False))
    telemetry.take([make_entry(trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")])
    telemetry.close()
    assert receiver.spans == []


def test_whoever_ships_is_not_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterpoint.telemetry.otlp.WAITING_AT_MOST", 3)
    telemetry = Telemetry(Collector("http://127.0.0.1:1", metrics=False))
    telemetry._waiting.put(None)  # nobody works it off any more
    telemetry._thread.join()
    telemetry.take([ENTRY] * 5)
    assert telemetry.left_out == 2


def test_headers_are_not_shown() -> None:
    assert "secret" not in repr(Collector("http://127.0.0.1:1", {"authorization": "secret"}))
