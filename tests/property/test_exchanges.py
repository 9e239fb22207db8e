"""Exchanges in any order of events: whatever happens is settled once and answered once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.gateway.commands import (
    OpenEngine,
    OpenUpstream,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
)
from tests.unit.gateway.conversation import ANTHROPIC, CHAT_ANSWER, CHAT_STREAM, OPENAI, chat, lead, message

STEPS: list[Any] = [
    lambda exchange, now: exchange.upstream_head(200, {}, now),
    lambda exchange, now: exchange.upstream_head(500, {}, now),
    lambda exchange, now: exchange.upstream_data(CHAT_STREAM[1], now),
    lambda exchange, now: exchange.upstream_data(b"".join(CHAT_STREAM), now),
    lambda exchange, now: exchange.upstream_data(b"data: {gar", now),
    lambda exchange, now: exchange.upstream_data(CHAT_ANSWER, now),
    lambda exchange, now: exchange.upstream_end(now),
    lambda exchange, now: exchange.upstream_lost("reset", now),
    lambda exchange, now: exchange.timer(now + 10_000),
    lambda exchange, now: exchange.client_gone(now),
]


@given(
    st.sampled_from([(OPENAI, chat), (ANTHROPIC, message)]),
    st.booleans(),
    st.lists(st.sampled_from(STEPS), max_size=12),
)
def test_whatever_happens_is_settled_once_and_answered_once(
    speaker: tuple[str, Any], stream: bool, steps: list[Any]
) -> None:
    dialect, body = speaker
    exchange = lead(body("both", stream=stream), dialect)
    commands = exchange.start(0.0)
    gone = False
    for number, step in enumerate(steps):
        if gone or any(isinstance(item, Respond | RespondEnd) for item in commands):
            break  # the driver lets go of an exchange that has answered
        gone = step is STEPS[-1]
        commands += step(exchange, float(number))
    kinds = [type(item) for item in commands]
    assert kinds.count(Settle) <= 1
    assert kinds.count(RespondHead) <= 1
    assert kinds.count(Respond) + kinds.count(RespondEnd) <= 1
    answered = [index for index, kind in enumerate(kinds) if kind in (Respond, RespondEnd)]
    if answered:
        assert kinds.index(Settle) < answered[0] == len(kinds) - 1
    elif gone:
        assert kinds.count(Settle) == 1
    else:
        assert kinds.count(Settle) == 0 or RespondBytes in kinds
        assert any(kind in (OpenUpstream, OpenEngine) for kind in kinds)
    if Respond in kinds:
        assert RespondHead not in kinds
    if RespondBytes in kinds:
        assert kinds.index(RespondHead) < kinds.index(RespondBytes)
