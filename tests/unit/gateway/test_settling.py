"""What is left in the ledger."""

import pytest

from counterpoint.directory.routes import Timeouts
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.plan import Step
from counterpoint.gateway.settling import Account, Outcome
from counterpoint.gateway.tries import Try
from tests.unit.gateway.conversation import KEY, NAMES, chat, lead

TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def account(**headers: bytes) -> Account:
    call = lead(chat("gpt-x"), headers={name.encode(): value for name, value in headers.items()}).call
    made = Account(call, NAMES.bounds, 1.0)
    made.key, made.peek, made.route = KEY, call.peek(), "r"
    return made


def tried(reason: str = "") -> Try:
    step = Step(NAMES.resolve("gpt-x", "chat", ("openai-chat",)).candidates[0])
    return Try(0, 0, step, Timeouts(), 1.5, reason)


@pytest.mark.parametrize(("said", "kept"), [(TRACE, TRACE.decode()), (b"x" * 200, "")])
def test_an_entry_carries_the_callers_trace_and_the_route(said: bytes, kept: str) -> None:
    entry = account(traceparent=said).own(Outcome(200), None, [], 2.0, Given()).entry
    assert (entry.trace, entry.route, entry.project, entry.total_micros) == (kept, "r", "p1", 1_000_000)
    assert entry.cost == 0


def test_a_side_call_has_an_entry_of_its_own_that_names_the_exchange() -> None:
    try_ = tried("outrun")
    try_.end(1.75)
    settle = account().side(try_, "outrun", 2.0, Given())
    entry = settle.entry
    assert entry.id != "id-1"
    assert (entry.parent, entry.purpose, entry.total_micros) == ("id-1", "outrun", 250_000)
    assert entry.at == 1_800_000_000_500_000
    assert [each.reason for each in entry.attempts] == ["outrun"]
    assert settle.hold is None
