"""Several tries for one caller: again, elsewhere, side by side; one of them is told."""

from decimal import Decimal

import msgspec
import pytest

from counterpoint.directory.routes import Retrying, Route, Target, Timeouts
from counterpoint.gateway.commands import (
    Cancel,
    Command,
    OpenUpstream,
    Release,
    Reserve,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
    Wake,
)
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.health import Health
from counterpoint.gateway.names import Names
from counterpoint.ledger import Entry
from counterpoint.limits import Denied, Hold, Limit, Part
from tests.unit.gateway.conversation import (
    CHAT_ANSWER,
    CHAT_STREAM,
    DIRECTORY,
    KEY,
    Led,
    answer_of,
    chat,
    entry_of,
    head_of,
    lead,
    opened,
    streamed,
)

TARGETS = (Target("gpt-x"), Target("both"))
ROUTES = (
    Route("again", targets=TARGETS, retrying=Retrying(attempts=2, base=1.0)),
    Route("hedged", targets=TARGETS, hedge_after=0.5),
    Route("timed", targets=TARGETS, timeouts=Timeouts(connect=3.0, first_event=5.0, idle=4.0, total=8.0)),
    Route("kept", "sticky", targets=TARGETS),
    Route("only", targets=(Target("gpt-x"),), retrying=Retrying(attempts=3, base=1.0)),
)
NAMES = Names(msgspec.structs.replace(DIRECTORY, routes=ROUTES))


def begin(
    model: str,
    health: Health | None = None,
    *,
    stream: bool = False,
    headers: dict[bytes, bytes] | None = None,
) -> Led:
    call = lead(chat(model, stream=stream), headers=headers).call
    return Led(Exchange(call, NAMES, 0.0, health, lambda: 0.5))


def error(led: Led, status: int, now: float, **headers: str) -> list[Command]:
    led.upstream_head(status, {name.replace("_", "-"): value for name, value in headers.items()}, now)
    led.upstream_data(b'{"error": {"message": "no", "type": "x"}}', now)
    return led.upstream_end(now)


def sides(commands: list[Command]) -> list[Entry]:
    return [item.entry for item in commands if isinstance(item, Settle) and item.entry.purpose]


def test_the_same_offering_is_asked_again_and_then_another_one() -> None:
    led = begin("again")
    led.start(1.0)
    assert error(led, 503, 2.0) == [Wake(2.5)]
    assert led.timer(2.4) == []
    again = led.timer(2.5)
    assert opened(again).host.name == "alpha"
    elsewhere = error(led, 503, 3.0)
    assert opened(elsewhere).body.count(b"both-a") == 1
    led.upstream_head(200, {}, 3.1)
    led.upstream_data(CHAT_ANSWER, 3.2)
    commands = led.upstream_end(3.3)
    _, headers, _ = answer_of(commands)
    assert (headers["x-counterpoint-route"], headers["x-counterpoint-attempts"]) == ("again", "3")
    entry = entry_of(commands)
    assert [(each.offering, each.status, each.reason, each.after) for each in entry.attempts] == [
        ("alpha/gpt-x", 503, "", 1_000_000),
        ("alpha/gpt-x", 503, "retry", 2_500_000),
        ("alpha/both-a", 200, "fallback", 3_000_000),
    ]
    assert (entry.route, entry.offering) == ("again", "alpha/both-a")


def test_a_host_is_given_the_time_it_asks_for_unless_that_is_too_long() -> None:
    led = begin("again")
    led.start(1.0)
    assert error(led, 429, 2.0, retry_after="4") == [Wake(6.5)]
    led = begin("again")
    led.start(1.0)
    assert opened(error(led, 429, 2.0, retry_after="40")).body.count(b"both-a") == 1


def test_a_fault_of_the_callers_is_told_at_once() -> None:
    led = begin("again")
    led.start(1.0)
    assert answer_of(error(led, 400, 2.0))[0] == 400


def test_retries_end_when_the_workers_budget_does() -> None:
    health = Health()
    while health.may_retry(0.0, 0.0):
        pass
    led = begin("only", health)
    led.start(0.1)
    assert answer_of(error(led, 503, 0.2))[0] == 503


def test_who_is_silent_has_company_and_the_first_to_speak_is_heard() -> None:
    led = begin("hedged", stream=True)
    assert led.start(1.0)[1:] == [Wake(1.5)]
    second = led.timer(1.5)
    assert opened(second).number == 1
    led.upstream_head(200, {}, 1.6, 1)
    commands = led.upstream_data(CHAT_STREAM[1], 1.7, 1)
    assert [type(item) for item in commands] == [Cancel, Settle, RespondHead, RespondBytes]
    assert head_of(commands)["x-counterpoint-offering"] == "alpha/both-a"
    (outrun,) = sides(commands)
    assert (outrun.purpose, outrun.parent, outrun.offering) == ("outrun", "id-1", "alpha/gpt-x")
    # What the other one read must be paid, too, and nobody will say how much: it is estimated, and said to be.
    assert (outrun.usage.reported, outrun.usage.input > 0, (outrun.cost or 0) > 0) == (False, True, True)
    assert led.upstream_data(CHAT_STREAM[1], 1.8, 0) == []
    last = led.upstream_data(b"".join(CHAT_STREAM[2:]), 1.9, 1)
    entry = entry_of(last)
    assert [(each.offering, each.reason) for each in entry.attempts] == [
        ("alpha/gpt-x", "outrun"),
        ("alpha/both-a", "hedge"),
    ]


def test_of_two_that_are_asked_one_may_fail() -> None:
    led = begin("hedged")
    led.start(1.0)
    led.timer(1.5)
    assert led.upstream_lost("reset", 1.6, 1) == []
    led.upstream_head(200, {}, 2.0, 0)
    led.upstream_data(CHAT_ANSWER, 2.0, 0)
    assert answer_of(led.upstream_end(2.1, 0))[1]["x-counterpoint-offering"] == "alpha/gpt-x"


def test_who_has_begun_to_answer_gets_no_company() -> None:
    led = begin("hedged")
    led.start(1.0)
    led.upstream_head(200, {}, 1.2)
    assert led.timer(1.5) == []


def test_a_routes_times_hold_and_the_total_bounds_all_of_them() -> None:
    led = begin("timed")
    assert opened(led.start(1.0)).connect == 3.0
    assert led.deadline == 6.0
    again = led.timer(6.0)
    assert isinstance(again[-1], Wake)
    led.timer(again[-1].at)
    assert led.deadline == 8.0  # of the call's beginning
    status, _, body = answer_of(led.timer(8.0))
    assert (status, body["error"]["code"]) == (504, "out_of_time")


def test_an_answer_that_takes_too_long_ends_in_its_dialects_error() -> None:
    led = begin("timed", stream=True)
    led.start(1.0)
    led.upstream_head(200, {}, 1.1)
    for moment in (2.0, 5.0, 7.9):
        led.upstream_data(CHAT_STREAM[1], moment)
    commands = led.timer(8.1)
    assert isinstance(commands[0], Cancel)
    assert isinstance(commands[-1], RespondEnd)
    assert b"out_of_time" in streamed(commands)
    entry = entry_of(commands)
    assert (entry.failure, entry.usage.reported, entry.usage.output >= 3) == ("timeout", False, True)


def test_who_leaves_in_the_middle_pays_what_was_said() -> None:
    led = begin("gpt-x", stream=True)
    led.start(1.0)
    led.upstream_head(200, {}, 1.1)
    for _ in range(20):
        led.upstream_data(CHAT_STREAM[1], 1.2)
    commands = led.client_gone(1.3)
    assert isinstance(commands[0], Cancel)
    entry = entry_of(commands)
    assert (entry.status, entry.usage.reported, entry.usage.output) == (499, False, 20)
    assert entry.cost is not None
    assert entry.cost > 0


@pytest.mark.parametrize("who", [b"ann", b"bob"])
def test_a_session_stays_with_whom_it_was_served_by(who: bytes) -> None:
    health, headers = Health(), {b"x-counterpoint-session": who}
    led = begin("kept", health, headers=headers)
    led.start(1.0)
    first = led.exchange.candidate
    error(led, 401, 1.1)  # it goes to somebody else, and stays there
    other = led.exchange.candidate
    assert other is not None
    assert other is not first
    led.upstream_head(200, {}, 1.2)
    led.upstream_data(CHAT_ANSWER, 1.2)
    led.upstream_end(1.3)
    again = begin("kept", health, headers=headers)
    again.start(2.0)
    assert again.exchange.candidate is not None
    assert again.exchange.candidate.name == other.name


def test_what_has_failed_too_often_is_passed_over_as_long_as_there_is_another() -> None:
    health = Health()
    for _ in range(5):
        led = begin("again", health)
        led.start(1.0)
        led.upstream_lost("reset", 1.0)
    led = begin("again", health)
    assert opened(led.start(1.5)).body.count(b"both-a") == 1
    assert opened(begin("only", health).start(1.6)).host.name == "alpha"  # there is no other
    assert isinstance(begin("again", health).start(9.0)[0], OpenUpstream)


USED_THEN_FAILED = (
    b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],'
    b'"usage":{"prompt_tokens":10,"completion_tokens":0,"total_tokens":10}}\n\n'
    b'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n'
)


@pytest.mark.parametrize("leaves", [False, True])
def test_what_a_failed_try_used_is_charged_once_whether_or_not_there_is_another(leaves: bool) -> None:
    led = begin("again", stream=True)
    led.start(1.0)
    led.upstream_head(200, {}, 1.1)
    commands = led.upstream_data(USED_THEN_FAILED, 1.2)
    if leaves:
        commands += led.client_gone(1.3)
    else:
        commands += led.timer(1.7)
        commands += error(led, 400, 2.0)
    entries = [item.entry for item in commands if isinstance(item, Settle)]
    assert [entry.usage.input for entry in entries].count(10) == 1
    assert [entry.purpose for entry in entries] == ([""] if leaves else ["failed", ""])


BUDGET = Limit("b", "project", KEY.project, "money", 1_000_000)
LIMITED = Names(msgspec.structs.replace(DIRECTORY, routes=ROUTES, limits=(BUDGET,)))
HOLD, MORE = (Hold((Part(BUDGET, lease, 0, 500),)) for lease in ("first", "second"))


def failed_after_use() -> tuple[Led, list[Command]]:
    """An exchange under a budget whose first try has cost something, and what follows of it."""
    call = lead(chat("again", stream=True, max_tokens=10)).call
    led = Led(Exchange(call, LIMITED, 0.0, None, lambda: 0.5))
    led.start(1.0)
    led.note(led.exchange.reserved(HOLD, 1.0))
    led.upstream_head(200, {}, 1.1)
    led.upstream_data(USED_THEN_FAILED, 1.2)
    return led, led.timer(1.7)


def test_what_a_failed_try_took_is_settled_and_the_rest_held_for_anew() -> None:
    led, commands = failed_after_use()
    side, reserve = commands
    assert isinstance(side, Settle)
    assert isinstance(reserve, Reserve)
    assert (side.entry.purpose, side.hold) == ("failed", HOLD)
    assert side.taken == (side.entry.charges[0].amount,)
    assert side.taken[0] >= 20
    assert set(reserve.wanted.offerings) == {"alpha/gpt-x", "alpha/both-a", "gamma/both-g"}
    assert opened(led.note(led.exchange.reserved(MORE, 1.8))).host.name == "alpha"
    (other,) = [item for item in error(led, 403, 2.0) if isinstance(item, OpenUpstream)]
    assert b"both-a" in other.body  # it cost nothing: what is held is enough
    led.upstream_head(200, {}, 2.1)
    told = led.upstream_data(b"".join(CHAT_STREAM), 2.2)
    (settle,) = [item for item in told if isinstance(item, Settle)]
    assert (settle.hold, settle.entry.attempts[1].reason) == (MORE, "retry")


def test_where_the_rest_does_not_fit_there_is_no_other_try() -> None:
    led, _ = failed_after_use()
    commands = led.note(led.exchange.reserved(Denied(BUDGET, "spent"), 1.8))
    status, _, body = answer_of(commands)
    assert (status, body["error"]["code"]) == (429, "budget_exceeded")
    (settle,) = [item for item in commands if isinstance(item, Settle)]
    assert (settle.hold, settle.entry.cost, settle.entry.charges) == (None, Decimal(0), ())


def test_who_leaves_while_the_rest_is_asked_for_holds_nothing() -> None:
    led, _ = failed_after_use()
    (settle,) = led.client_gone(1.75)
    assert isinstance(settle, Settle)
    assert (settle.entry.status, settle.entry.cost, settle.hold) == (499, Decimal(0), None)
    assert led.exchange.reserved(MORE, 1.8) == [Release(MORE)]
