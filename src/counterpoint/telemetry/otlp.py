"""Sends spans and metrics to a collector by OTLP over HTTP, with OpenTelemetry's own SDK.

It works off a bounded queue in a thread of its own: whatever is wrong with the collector, shipping the ledger goes on,
and what does not fit is counted and left out. Imported only where telemetry is configured.
"""

import logging
import queue
import threading
from collections.abc import Mapping, Sequence

import msgspec
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from counterpoint import __version__
from counterpoint.ledger import Entry
from counterpoint.telemetry.figures import BOUNDS
from counterpoint.telemetry.spans import Parent, SpanFacts, common, spans_of, tokens_read, tokens_written

log = logging.getLogger(__name__)

WAITING_AT_MOST = 20_000
"""Entries that have not become spans yet."""
_TOKEN_BOUNDS = tuple(4**power for power in range(14))
_SCOPE = "counterpoint"
_END_SECONDS = 5.0


class Collector(msgspec.Struct, frozen=True):
    """Where to. `endpoint`: of OTLP/HTTP, without the signal's path; `None`: as OpenTelemetry's variables say."""

    endpoint: str | None = None
    headers: Mapping[str, str] = {}
    traces: bool = True
    metrics: bool = True
    service: str = "counterpoint"

    def url(self, signal: str) -> str | None:
        """Of that signal."""
        return None if self.endpoint is None else f"{self.endpoint.rstrip('/')}/v1/{signal}"

    def __repr__(self) -> str:
        return f"Collector({self.endpoint!r})"  # a header may be a secret


class _Given(IdGenerator):
    """Ids that follow from entries, see `spans`."""

    def __init__(self) -> None:
        self.trace_id = 1
        self.span_id = 1

    def generate_span_id(self) -> int:
        """The next span's."""
        return self.span_id

    def generate_trace_id(self) -> int:
        """Of a trace that begins with it."""
        return self.trace_id


class Telemetry:
    """One for each process that ships entries."""

    def __init__(self, collector: Collector) -> None:
        resource = Resource.create({"service.name": collector.service, "service.version": __version__})
        self._ids = _Given()
        self._tracing = self._tracer_of(collector, resource) if collector.traces else None
        self._metering = self._meter_of(collector, resource) if collector.metrics else None
        self._tracer = self._tracing.get_tracer(_SCOPE, __version__) if self._tracing else None
        self._instruments()
        self._waiting: queue.Queue[Entry | None] = queue.Queue(WAITING_AT_MOST)
        self.left_out = 0
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        self._thread.start()

    def _tracer_of(self, collector: Collector, resource: Resource) -> TracerProvider:
        provider = TracerProvider(resource=resource, id_generator=self._ids)
        exporter = OTLPSpanExporter(endpoint=collector.url("traces"), headers=collector.headers or None)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return provider

    def _meter_of(self, collector: Collector, resource: Resource) -> MeterProvider:
        exporter = OTLPMetricExporter(endpoint=collector.url("metrics"), headers=collector.headers or None)
        return MeterProvider([PeriodicExportingMetricReader(exporter)], resource=resource)

    def _instruments(self) -> None:
        if self._metering is None:
            return
        meter = self._metering.get_meter(_SCOPE, __version__)
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage", "{token}", explicit_bucket_boundaries_advisory=_TOKEN_BOUNDS
        )
        self._durations = meter.create_histogram(
            "gen_ai.client.operation.duration", "s", explicit_bucket_boundaries_advisory=BOUNDS
        )
        self._firsts = meter.create_histogram(
            "gen_ai.client.operation.time_to_first_chunk", "s", explicit_bucket_boundaries_advisory=BOUNDS
        )
        self._cost = meter.create_counter("counterpoint.cost", "{currency}")

    def take(self, entries: Sequence[Entry]) -> None:
        """Returns at once, and never raises: whoever ships entries has other things to do."""
        for entry in entries:
            try:
                self._waiting.put_nowait(entry)
            except queue.Full:
                self.left_out += 1

    def _run(self) -> None:
        while (entry := self._waiting.get()) is not None:
            try:
                self._tell(entry)
            except Exception:
                log.exception("telemetry of the exchange %s could not be made", entry.id)

    def _tell(self, entry: Entry) -> None:
        if self._tracer is not None:
            for facts in spans_of(entry):
                self._span(facts)
        if self._metering is not None:
            self._measure(entry)

    def _span(self, facts: SpanFacts) -> None:
        self._ids.trace_id, self._ids.span_id = facts.trace_id, facts.span_id
        assert self._tracer is not None  # noqa: S101 - asked by who calls
        span = self._tracer.start_span(
            facts.name,
            context=_context(facts.parent),
            kind=SpanKind.SERVER if facts.server else SpanKind.CLIENT,
            attributes=dict(facts.attributes),
            start_time=facts.start,
        )
        if facts.error is not None:
            span.set_status(Status(StatusCode.ERROR, facts.error))
        span.end(end_time=facts.end)

    def _measure(self, entry: Entry) -> None:
        attributes = common(entry)
        if entry.failure is not None:
            attributes["error.type"] = entry.failure
        if entry.usage.reported:
            for kind, count in (("input", tokens_read(entry)), ("output", tokens_written(entry))):
                self._tokens.record(count, {**attributes, "gen_ai.token.type": kind})
        if not entry.purpose:
            self._durations.record(entry.total_micros / 1e6, attributes)
            if entry.first_event_micros is not None and entry.stream:
                self._firsts.record(entry.first_event_micros / 1e6, attributes)
        if entry.cost:
            self._cost.add(float(entry.cost), {**attributes, "counterpoint.currency": entry.currency})

    def close(self) -> None:
        """Sends what is there, as far as that is possible in a few seconds."""
        self._waiting.put(None)
        self._thread.join(_END_SECONDS)
        ending = threading.Thread(target=self._shut, daemon=True)
        ending.start()
        ending.join(_END_SECONDS)

    def _shut(self) -> None:
        for provider in (self._tracing, self._metering):
            if provider is not None:
                provider.shutdown()


def _context(parent: Parent | None) -> Context:
    if parent is None:
        return trace.set_span_in_context(trace.INVALID_SPAN)
    flags = TraceFlags(TraceFlags.SAMPLED if parent.sampled else TraceFlags.DEFAULT)
    context = SpanContext(parent.trace_id, parent.span_id, is_remote=parent.remote, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(context))
