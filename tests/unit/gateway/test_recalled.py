"""A call together with what it goes on."""

import json
from typing import Any

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.registry import STATE
from counterpoint.gateway.recalled import Recalled
from counterpoint.kept import Trail

STATEFUL = next(iter(STATE.values()))


def recalled(**fields: Any) -> Recalled:
    return Recalled(STATEFUL, json.dumps({"model": "m", "input": "x", **fields}).encode())


def test_what_leads_up_to_it_is_missing_too_long_or_there() -> None:
    call = recalled(previous_response_id="r")
    call.recall(Trail(missing="r"))
    assert call.refusal is not None
    assert call.refusal.param == "previous_response_id"
    call = recalled(previous_response_id="r")
    call.recall(Trail(too_long=True))
    assert call.refusal is not None
    assert call.refusal.code == "too_long"
    call = recalled(previous_response_id="r")
    call.recall(Trail())
    assert call.refusal is None


def test_an_answer_is_amended_only_where_it_cannot_know() -> None:
    plain = recalled()
    assert plain.amendment("h", relayed=True) is None
    assert plain.amendment("h", relayed=False) is None
    gone_on = recalled(previous_response_id="r")
    gone_on.recall(Trail())
    assert gone_on.amendment("h", relayed=False) is None  # its encoder has said it
    amendment = gone_on.amendment("h", relayed=True)
    assert amendment is not None
    assert amendment["previous_response_id"] == "r"
    background = recalled(background=True)
    amendment = background.amendment("h", relayed=False)
    assert amendment is not None
    assert amendment["id"] == background.id


def test_events_are_wanted_where_the_client_or_nobody_listens() -> None:
    assert [recalled(**more).stream for more in ({}, {"stream": True}, {"background": True})] == [
        False,
        True,
        True,
    ]


def test_what_it_says_of_state_is_checked() -> None:
    with pytest.raises(Refused):
        recalled(store="x")
