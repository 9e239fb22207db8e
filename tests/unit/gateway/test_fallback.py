"""When another offering is tried, or the same one again."""

import msgspec
import pytest

from counterpoint.canonical import Failure, FailureKind
from counterpoint.directory.routes import Retrying, Timeouts
from counterpoint.gateway.fallback import delay, elsewhere, passable, pause, worth_again, worth_another
from counterpoint.gateway.health import Health
from counterpoint.gateway.routing.plan import Plan, Step
from counterpoint.gateway.tries import Try
from tests.unit.gateway.conversation import NAMES

BUSY = Failure(FailureKind.rate_limited, "m", from_upstream=True)
CANDIDATES = NAMES.resolve("both", "chat", ("openai-chat",)).candidates
OTHER = NAMES.resolve("gpt-x", "chat", ("openai-chat",)).candidates[0]


def test_who_is_broken_is_passed_over_unless_nobody_else_is_left() -> None:
    plan, health = Plan(tuple(map(Step, CANDIDATES))), Health()
    while not health.closed_off(CANDIDATES[0].name, 1.0):
        health.failed(CANDIDATES[0].name, Failure(FailureKind.timeout, "m", from_upstream=True), None, 1.0)
    assert passable(plan, [0, 1], health, 1.0) == [1]
    assert passable(plan, [0], health, 1.0) == [0]


@pytest.mark.parametrize(
    ("failure", "status", "worth"),
    [
        (Failure(FailureKind.bad_request, "m"), 429, True),
        (Failure(FailureKind.bad_request, "m"), 400, False),
        (Failure(FailureKind.context_exceeded, "m"), 400, True),
        (Failure(FailureKind.overloaded, "m"), None, True),
        (Failure(FailureKind.bad_request, "m"), None, False),
        (Failure(FailureKind.bad_request, "m", code="losses_refused"), None, True),
        (Failure(FailureKind.timeout, "m", from_upstream=True), None, True),
        (Failure(FailureKind.upstream_error, "m", from_upstream=True), 200, True),
    ],
)
def test_another_is_tried_where_it_may_do_better(failure: Failure, status: int | None, worth: bool) -> None:
    assert worth_another(failure, status) is worth


@pytest.mark.parametrize(
    ("failure", "status", "worth"),
    [
        (BUSY, 429, True),
        (Failure(FailureKind.budget_exhausted, "m"), 429, False),
        (Failure(FailureKind.overloaded, "m"), 529, True),
        (Failure(FailureKind.not_found, "m"), 404, False),
        (Failure(FailureKind.upstream_error, "m", code="host_credentials", from_upstream=True), 401, False),
        (Failure(FailureKind.upstream_error, "m", from_upstream=True), None, True),
        (Failure(FailureKind.upstream_error, "m", from_upstream=True), 200, True),
        (Failure(FailureKind.context_exceeded, "m"), 400, False),
        (Failure(FailureKind.bad_request, "m"), None, False),
    ],
)
def test_the_same_is_tried_again_where_it_passes(failure: Failure, status: int | None, worth: bool) -> None:
    assert worth_again(failure, status) is worth


def test_waits_double_with_full_jitter_and_end_with_the_attempts() -> None:
    retrying = Retrying(attempts=6, base=0.5, most=3.0)
    assert [delay(retrying, made, BUSY, 0.999999) for made in range(1, 7)] == [
        pytest.approx(seconds, abs=0.001) for seconds in (0.5, 1, 2, 3, 3)
    ] + [None]
    assert delay(retrying, 3, BUSY, 0.0) == 0.0


def test_a_host_that_says_when_is_not_asked_sooner_nor_waited_for_too_long() -> None:
    retrying = Retrying(longest_wait=10.0)
    patient = msgspec.structs.replace(BUSY, retry_after=8.0)
    assert delay(retrying, 1, patient, 0.0) == 8.0
    assert 8.0 < (delay(retrying, 1, patient, 0.9) or 0) < 8.3
    assert delay(retrying, 1, msgspec.structs.replace(BUSY, retry_after=11.0), 0.5) is None


def tried(plan: Plan, index: int = 0, status: int | None = 429) -> Try:
    try_ = Try(0, index, plan.steps[index], Timeouts(), 0.0)
    try_.status = status
    return try_


def test_the_same_model_at_another_host_is_asked_at_once() -> None:
    plan = Plan(tuple(map(Step, (*CANDIDATES, OTHER))))
    assert pause(plan, [tried(plan)], tried(plan), BUSY, 0.5) is None
    assert elsewhere(plan, 0, tried(plan), BUSY) == [1, 2]
    # What comes next is another model: this one is worth a second attempt, and no third.
    assert pause(plan, [tried(plan, 1)], tried(plan, 1), BUSY, 0.5) is not None
    assert pause(plan, [tried(plan, 1)] * 2, tried(plan, 1), BUSY, 0.5) is None


def test_what_is_too_long_goes_only_where_there_is_more_room() -> None:
    long = Failure(FailureKind.context_exceeded, "m", from_upstream=True)

    def step(context: int | None) -> Step:
        offering = msgspec.structs.replace(OTHER.offering, context=context)
        return Step(msgspec.structs.replace(OTHER, offering=offering))

    plan = Plan((step(8000), step(4000), step(None), step(32_000)))
    assert elsewhere(plan, 0, tried(plan, status=400), long) == [3]
