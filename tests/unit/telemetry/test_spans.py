import re
from pathlib import Path

import opentelemetry.semconv._incubating.attributes as conventions

from counterpoint.canonical import Usage
from counterpoint.ledger import Attempt
from counterpoint.telemetry.spans import parent_of, spans_of
from tests.entries import make_entry

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ENTRY = make_entry(
    host="alpha",
    model="m",
    offering="alpha/m-1",
    requested="m",
    total_micros=900,
    stream=True,
    first_event_micros=300,
    finish="stop",
    usage=Usage(input=10, cache_read=3, output=5, reasoning=2),
    attempts=(
        Attempt("beta/m", 500, "upstream_error", 400, 10),
        Attempt("alpha/m-1", 200, None, 450, 420, 100, "fallback"),
    ),
    trace=TRACE,
)


def test_an_exchange_is_a_span_with_one_below_it_for_each_attempt() -> None:
    whole, first, second = spans_of(ENTRY)
    assert (whole.name, whole.server, whole.error) == ("chat m", True, None)
    assert whole.end - whole.start == 900_000
    assert whole.attributes["gen_ai.usage.input_tokens"] == 13
    assert whole.attributes["gen_ai.usage.output_tokens"] == 7
    assert whole.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert first.error == "upstream_error"
    assert {span.parent.span_id for span in (first, second) if span.parent} == {whole.span_id}
    assert len({span.span_id for span in (whole, first, second)}) == 3
    assert second.start == whole.start + 420_000
    assert second.attributes["counterpoint.attempt.reason"] == "fallback"


def test_it_hangs_below_the_callers_span_where_he_names_one() -> None:
    whole = next(spans_of(ENTRY))
    assert whole.parent is not None
    assert whole.trace_id == 0x0AF7651916CD43DD8448EB211C80319C
    assert (whole.parent.span_id, whole.parent.sampled) == (0xB7AD6B7169203331, True)
    unsampled = parent_of(make_entry(trace=f"{TRACE[:-2]}00"))
    assert unsampled is not None
    assert not unsampled.sampled
    for odd in ("", "x", TRACE.upper(), f"ff{TRACE[2:]}", f"00-{'0' * 32}-b7ad6b7169203331-01"):
        assert parent_of(make_entry(trace=odd)) is None


def test_a_call_made_for_another_one_is_found_below_it() -> None:
    whole = next(spans_of(make_entry()))
    for trace in ("", TRACE):
        parent = make_entry(trace=trace)
        above = next(spans_of(parent))
        side = next(spans_of(make_entry(purpose="judge", parent=parent.id, trace=trace)))
        assert side.parent is not None
        assert (side.trace_id, side.parent.span_id) == (above.trace_id, above.span_id)
        assert not side.server
        assert side.trace_id != whole.trace_id


def test_what_fails_says_why() -> None:
    whole = next(spans_of(make_entry(status=503, failure="unavailable")))
    assert (whole.error, whole.attributes["error.type"]) == ("unavailable", "unavailable")
    assert next(spans_of(make_entry(status=404))).error == "404"


def test_names_are_those_of_the_conventions(repository: Path) -> None:
    known = Path(conventions.__path__[0], "gen_ai_attributes.py").read_text()
    for module in ("spans", "otlp"):
        source = (repository / f"src/counterpoint/telemetry/{module}.py").read_text()
        for name in re.findall(r'"(gen_ai\.[a-z_.]+)"', source):
            folder = Path(conventions.__path__[0]).parent / "metrics/gen_ai_metrics.py"
            assert f'"{name}"' in known + folder.read_text(), name
