"""Tool-call ids of other hosts fit this dialect and come back as they were."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.anthropic_messages.names import escaped, original


@given(st.text() | st.from_regex(r"(cpx_)+[0-9a-f]{0,8}", fullmatch=True))
def test_every_id_fits_and_comes_back(call_id: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]+", escaped(call_id))
    assert original(escaped(call_id)) == call_id or escaped(call_id) == call_id


@pytest.mark.parametrize("call_id", ["toolu_01A", "call_abc-1", "cpx_616263", "cpx_zz", "cpx_ff"])
def test_an_id_that_fits_stays(call_id: str) -> None:
    assert escaped(call_id) == call_id
    assert original(call_id) == call_id


def test_one_that_does_not_fit_is_written_in_hexadecimal() -> None:
    assert escaped("a:0") == "cpx_613a30"
    assert original("cpx_613a30") == "a:0"
