from decimal import Decimal

from prometheus_client.parser import text_string_to_metric_families

from counterpoint.canonical import Usage
from counterpoint.ledger import Attempt
from counterpoint.telemetry import figures as module
from counterpoint.telemetry.exposition import Family, exposed
from counterpoint.telemetry.figures import BOUNDS, Figures
from tests.entries import make_entry

ANSWERED = make_entry(
    host="alpha",
    model="m",
    offering="alpha/m",
    usage=Usage(input=10, output=5),
    cost=Decimal("0.25"),
    stream=True,
    total_micros=300_000,
    first_event_micros=50_000,
    attempts=(Attempt("beta/m", 500, "upstream_error"), Attempt("alpha/m", 200)),
)


def read(figures: Figures) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """As Prometheus' own parser understands it."""
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(exposed(figures.families())):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def total(samples: dict[tuple[tuple[str, str], ...], float], **labels: str) -> float:
    return sum(value for key, value in samples.items() if set(labels.items()) <= set(key))


def test_what_entries_tell_is_counted() -> None:
    figures = Figures()
    figures.take([ANSWERED, make_entry(status=429, failure="rate_limited", cost=None)])
    figures.take([make_entry(host="alpha", model="m", purpose="judge", cost=Decimal("0.05"), total_micros=9)])
    found = read(figures)
    assert total(found["counterpoint_requests_total"]) == 2
    assert total(found["counterpoint_requests_total"], host="alpha", status="200") == 1
    assert total(found["counterpoint_side_calls_total"], purpose="judge") == 1
    assert total(found["counterpoint_tokens_total"], **{"class": "input"}) == 10
    assert round(total(found["counterpoint_cost_total"], host="alpha", currency="USD"), 6) == 0.3
    assert total(found["counterpoint_unpriced_calls_total"]) == 1
    assert total(found["counterpoint_failures_total"], failure="rate_limited") == 1
    assert total(found["counterpoint_attempts_total"], offering="beta/m", outcome="upstream_error") == 1
    assert total(found["counterpoint_attempts_total"], outcome="answered") == 1


def test_latencies_are_a_histogram_of_callers_calls() -> None:
    figures = Figures()
    figures.take([ANSWERED, make_entry(total_micros=100_000_000)])
    found = read(figures)
    buckets = found["counterpoint_request_duration_seconds_bucket"]
    assert total(buckets, le="+Inf") == 2
    assert total(buckets, le="0.16") == 0
    assert total(buckets, le="0.32") == 1
    assert total(buckets, le=str(BOUNDS[-1])) == 1
    assert round(total(found["counterpoint_request_duration_seconds_sum"]), 6) == 100.3
    assert total(found["counterpoint_time_to_first_event_seconds_count"]) == 1


def test_names_that_callers_make_up_do_not_fill_the_memory() -> None:
    figures = Figures()
    figures.take(make_entry(host="h", model=f"m{number}") for number in range(module.MOST + 50))
    assert len(read(figures)["counterpoint_requests_total"]) == module.MOST + 1


def test_any_text_in_a_label_is_read_back() -> None:
    odd = 'a "b" \\ \n é'
    text = exposed([Family("x", "gauge", "odd \\ \n help", {(("name", odd),): 1})])
    (family,) = text_string_to_metric_families(text)
    assert family.samples[0].labels == {"name": odd}
    assert exposed([Family("y", "gauge", "none", {(): 2})]).endswith("\ny 2\n")
