"""Requests as the service gets them."""

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.serving import Request


@given(st.binary(max_size=40))
def test_any_target_is_split_at_its_first_question_mark(target: bytes) -> None:
    request = Request("GET", target, {}, b"", version="1.1", keep_alive=True, received=0.0)
    joined = request.path + ("?" if b"?" in target else "") + request.query
    assert joined.encode("latin-1") == target
    assert "?" not in request.path
