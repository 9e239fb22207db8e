"""Requests as the service gets them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counterpoint.serving import Request


def requested(target: bytes) -> Request:
    return Request("GET", target, {}, b"", version="1.1", keep_alive=True, received=0.0)


def told(target: bytes) -> bytes:
    request = requested(target)
    return (request.path + ("?" if b"?" in target else "") + request.query).encode("latin-1")


@given(st.binary(max_size=40))
@example(b"://")
def test_any_target_is_split_at_its_first_question_mark(target: bytes) -> None:
    assert told(b"/" + target) == b"/" + target
    assert "?" not in requested(target).path


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"http://h/v1/models?a=1", "/v1/models", "a=1"),
        (b"HTTPS://h:8600/", "/", ""),
        (b"http://h", "/", ""),
        (b"http://h?a=/b", "/", "a=/b"),
        (b"http:///x", "/x", ""),
        (b"://h/x", "://h/x", ""),
        (b"v1/models?next=http://h/x", "v1/models", "next=http://h/x"),
        (b"*", "*", ""),
    ],
)
def test_only_what_begins_with_an_origin_loses_it(target: bytes, path: str, query: str) -> None:
    request = requested(target)
    assert (request.path, request.query) == (path, query)
