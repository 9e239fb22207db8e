"""Responses from hosts, framed in any cut."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.transport.framing import INFLATED_LIMIT, FramingError, ResponseFramer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def chunked(pieces: list[bytes]) -> bytes:
    body = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece)
    return HEAD + b"transfer-encoding: chunked\r\n\r\n" + body + b"0\r\nTrailer: x\r\n\r\n"


def feed(data: bytes, cuts: list[int]) -> tuple[ResponseFramer, bytes]:
    framer, body, at = ResponseFramer(), b"", 0
    for cut in [*cuts, len(data)]:
        body += framer.feed(data[at : at + cut]) if not framer.ended else b""
        at += cut
    return framer, body


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(1, 25), max_size=30))
def test_chunks_cut_anywhere_give_the_same_body(pieces: list[bytes], cuts: list[int]) -> None:
    framer, body = feed(chunked(pieces), cuts)
    assert body == b"".join(pieces)
    assert framer.ended
    assert framer.reusable


@given(st.binary(max_size=200), st.lists(st.integers(1, 25), max_size=30))
def test_a_body_of_known_length_cut_anywhere(content: bytes, cuts: list[int]) -> None:
    data = HEAD + b"content-length: %d\r\n\r\n" % len(content) + content
    framer, body = feed(data, cuts)
    assert (framer.status, body, framer.ended) == (200, content, True)
    assert framer.headers["content-type"] == "text/plain"


@given(st.binary(max_size=200), st.lists(st.integers(1, 25), max_size=30))
def test_a_compressed_body_cut_anywhere_is_decompressed(content: bytes, cuts: list[int]) -> None:
    packed = gzip.compress(content, mtime=0)
    data = HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed
    assert feed(data, cuts)[1] == content


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    framer, body = feed(HEAD + b"\r\nsome", [])
    assert (body, framer.ended) == (b"some", False)
    framer.eof()
    assert framer.ended
    assert not framer.reusable


def test_interim_responses_are_passed_over() -> None:
    data = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    framer, body = feed(data + HEAD + b"content-length: 2\r\n\r\nok", [])
    assert (framer.status, body) == (200, b"ok")
    assert "link" not in framer.headers


def test_no_content_has_no_body() -> None:
    framer, _ = feed(b"HTTP/1.1 204 No Content\r\n\r\n", [])
    assert framer.ended


@pytest.mark.parametrize("connection", [b"close", b"Close, te"])
def test_a_connection_that_the_host_closes_is_not_reused(connection: bytes) -> None:
    framer, _ = feed(HEAD + b"connection: " + connection + b"\r\ncontent-length: 0\r\n\r\n", [])
    assert framer.ended
    assert not framer.reusable


def test_bytes_after_the_end_are_kept_apart() -> None:
    framer, body = feed(HEAD + b"content-length: 2\r\n\r\nokHTTP/1.1", [])
    assert (body, framer.rest) == (b"ok", b"HTTP/1.1")


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        HEAD + b"no colon\r\n\r\n",
        HEAD + b"content-length: 1\r\ncontent-length: 2\r\n\r\n",
        HEAD + b"content-length: -1\r\n\r\n",
        HEAD + b"transfer-encoding: gzip, chunked\r\n\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\nxyz\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\n-5\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\n" + b"1" * 5000,
        HEAD + b"content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",
        HEAD + b"content-encoding: gzip\r\n\r\n" + gzip.compress(bytes(INFLATED_LIMIT + 1), mtime=0),
        HEAD + b"content-length: " + b"1" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 099 Less\r\n\r\n",
        b"HTTP/1.1 600 More\r\n\r\n",
        HEAD + b"x: " + b"y" * 70_000,
    ],
)
def test_what_is_not_http_is_said_to_be_so(data: bytes) -> None:
    with pytest.raises(FramingError):
        ResponseFramer().feed(data)


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 20", HEAD + b"content-length: 5\r\n\r\nhel", chunked([b"abc"])[:-3]]
)
def test_an_early_end_is_noticed(data: bytes) -> None:
    framer = ResponseFramer()
    framer.feed(data)
    with pytest.raises(FramingError):
        framer.eof()
