"""Ids of calls: what does not fit is escaped, and comes back."""

import re

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.callids import escaped, original


@given(st.text(max_size=30))
def test_every_id_fits_and_comes_back(call_id: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]+", escaped(call_id))
    assert original(escaped(call_id)) == call_id or call_id.startswith("cpx_")


def test_ids_that_fit_stay_as_they_are() -> None:
    assert escaped("call_1-a") == original("call_1-a") == "call_1-a"
    assert original("cpx_zz") == "cpx_zz"
