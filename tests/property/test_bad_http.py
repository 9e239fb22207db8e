"""Bytes that are no request, nearly one, or more than one: each is answered or hung up on, in HTTP to the last byte,
and the next client is served."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.serving import Limits
from tests.staging.answers import Answer, refusal
from tests.staging.hosts import honest
from tests.staging.stage import Stage
from tests.staging.words import ANTHROPIC, EMBEDDINGS, HOST_SECRET, OPENAI, PATHS, SECRET, plain, request

KEY = b"authorization: Bearer %s\r\n" % SECRET.encode()
HOST = b"host: x\r\n"
CHAT = plain(OPENAI, "oa/m")
CHUNKED = b"%x\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\ntrailer: x\r\n\r\n" % (
    10,
    CHAT[:10],
    len(CHAT) - 10,
    CHAT[10:],
)
GOOD = (
    b"GET /v1/models HTTP/1.1\r\n" + HOST + KEY + b"\r\n",
    b"GET /healthz HTTP/1.0\r\n\r\n",
    b"OPTIONS /v1/messages HTTP/1.1\r\n" + HOST + b"access-control-request-method: POST\r\n\r\n",
    request(OPENAI, CHAT).replace(b"connection: close\r\n", b""),
    request(OPENAI, plain(OPENAI, "oa/m", stream=True)).replace(b"connection: close\r\n", b""),
    request(ANTHROPIC, plain(ANTHROPIC, "oa/m", stream=True)).replace(b"connection: close\r\n", b""),
    request(EMBEDDINGS, plain(EMBEDDINGS, "oa/m")).replace(b"connection: close\r\n", b""),
    b"POST /v1/chat/completions HTTP/1.1\r\n" + HOST + KEY + b"transfer-encoding: chunked\r\n\r\n" + CHUNKED,
)
CLOSE = b"GET /healthz HTTP/1.1\r\n" + HOST + b"connection: close\r\n\r\n"
JUNK = (
    *(b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"\xff", b"\x80\x80", b"%00", b"..", b"/", b"?", b"#"),
    *(
        b"0\r\n\r\n",
        b"-1",
        b"+1",
        b"0x10",
        b"99999999999999999999",
        b"HTTP/1.1",
        b"HTTP/9.9",
        b"GET ",
        b"POST ",
    ),
    *(
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Length: 3\r\n",
        b"Content-Length : 3\r\n",
        b"Upgrade: h2c\r\n",
    ),
    *(
        b"Connection: upgrade\r\n",
        b"Expect: 100-continue\r\n",
        b"Expect: x\r\n",
        b"Host: y\r\n",
        b"\r\n x: y\r\n",
    ),
    *(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"x" * 9000, b"a: b\r\n" * 200),
)
STATUSES = {200, 204, 400, 401, 403, 404, 405, 408, 413, 414, 415, 417, 431, 505}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One that waits for nobody, so that what never ends is seen to be ended."""
    limits = Limits(head_seconds=0.05, body_seconds=0.05, body_rate=1 << 30, idle_seconds=0.05)
    stage = Stage(tmp_path_factory.mktemp("stage"), limits)
    stage.host("oa", honest(OPENAI), (OPENAI, EMBEDDINGS))
    yield stage
    stage.close()


def judge(answer: Answer) -> None:
    """One that any client can read. Which dialect it is in depends on a path that may be damaged."""
    assert answer.status in STATUSES
    assert HOST_SECRET.encode() not in answer.body
    assert b"Traceback" not in answer.body
    if answer.status >= 400 and answer.body:
        refusal(answer, ANTHROPIC if b'"type":"error"' in answer.body else OPENAI)


def check(stage: Stage, *pieces: bytes) -> list[Answer]:
    """What comes back on one connection; afterwards nothing is left of it, and a good client is served."""
    found = stage.talk(*pieces)
    for answer in found:
        judge(answer)
    assert all(answer.whole for answer in found[:-1])
    stage.settle()
    good = stage.post(OPENAI, CHAT)
    assert (good.status, good.json["choices"][0]["message"]["content"]) == (200, "Hello you")
    return found


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Good requests with some bytes changed, taken out, doubled or put in."""
    data = b"".join(draw(st.lists(st.sampled_from(GOOD), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        match draw(st.sampled_from(["change", "cut", "double", "put", "end"])):
            case "change":
                data = data[:start] + draw(st.binary(max_size=4)) + data[end:]
            case "cut":
                data = data[:start] + data[end:]
            case "double":
                data = data[:end] + data[start:]
            case "put":
                data = data[:start] + draw(st.sampled_from(JUNK)) + data[start:]
            case "end":
                data = data[:start]
    return data


def in_pieces(draw: st.DataObject, data: bytes) -> list[bytes]:
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=4)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


@given(damaged(), st.data())
def test_damaged_requests_are_answered_or_hung_up_on(stage: Stage, data: bytes, draw: st.DataObject) -> None:
    check(stage, *in_pieces(draw, data + CLOSE))


STAYING = [data for data in GOOD if b"HTTP/1.0" not in data]


@given(st.lists(st.sampled_from(STAYING), min_size=1, max_size=6), st.binary(min_size=1, max_size=60))
def test_good_requests_before_garbage_get_their_answers(
    stage: Stage, good: list[bytes], garbage: bytes
) -> None:
    found = check(stage, *good, garbage)
    assert len(found) >= len(good)
    assert {answer.status for answer in found[: len(good)]} <= {200, 403}


@given(st.binary(max_size=200))
def test_garbage_is_answered_or_hung_up_on(stage: Stage, data: bytes) -> None:
    check(stage, data)


@given(
    st.sampled_from(
        ["authorization: Bearer ", "authorization: Basic ", "authorization: ", "x-api-key: ", "api-key: "]
    ),
    st.binary(max_size=300).map(lambda data: b"Zq!7" + data.translate(None, b"\r\n")),
    st.sampled_from([OPENAI, ANTHROPIC, EMBEDDINGS]),
)
def test_a_key_of_any_bytes_is_refused_and_not_repeated(
    stage: Stage, header: str, key: bytes, dialect: str
) -> None:
    body = plain(dialect, "oa/m")
    head = (
        f"POST {PATHS[dialect]} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {len(body)}\r\n"
    )
    (answer,) = check(stage, head.encode() + header.encode() + key + b"\r\n\r\n" + body)
    assert answer.status in {400, 401}
    message = refusal(answer, dialect)
    assert len(key) < 8 or key.decode("latin-1")[:8] not in message


def post(*lines: bytes, body: bytes = CHAT) -> bytes:
    return b"POST /v1/chat/completions HTTP/1.1\r\n" + HOST + KEY + b"".join(lines) + b"\r\n" + body


LENGTH = b"content-length: %d\r\n" % len(CHAT)


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        # Two ways to tell where the body ends: smuggling lives on it.
        (post(LENGTH, b"transfer-encoding: chunked\r\n", body=CHUNKED), [400]),
        (post(b"transfer-encoding: chunked\r\n", LENGTH, body=CHUNKED), [400]),
        (post(b"transfer-encoding: identity\r\n", LENGTH), [400]),
        (post(b"transfer-encoding: chunked, identity\r\n", body=CHUNKED), [400]),
        (post(b"transfer-encoding: xchunked\r\n", body=CHUNKED), [400]),
        (post(b"transfer-encoding:\x0bchunked\r\n", body=CHUNKED), [400]),
        (post(b"transfer-encoding: chunked\r\n", b"transfer-encoding: identity\r\n", body=CHUNKED), [400]),
        (post(LENGTH, b"content-length: 0\r\n"), [400]),
        (post(b"content-length: %d, %d\r\n" % (len(CHAT), len(CHAT))), [400]),
        (post(b"content-length: 0x%x\r\n" % len(CHAT)), [400]),
        (post(b"content-length: -5\r\n"), [400]),
        (post(b"content-length: %d\r\n" % 2**64), [400]),
        (post(b"content-length: %d\r\n" % 2**40), [413]),
        (post(b"content-length: 5\r\n", body=b"hello" + CLOSE), [400, 200]),
        (post(b"content-length: %d\r\n" % (len(CHAT) + 1)), [408]),
        # Lines that are no lines.
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n", [400]),
        (b"GET /healthz HTTP/1.1\r\n host: x\r\n\r\n", [400]),
        (b"GET /healthz HTTP/1.1\nhost: x\n\n", [400]),
        (b"GET /healthz HTTP/1.1\rhost: x\r\r", [400]),
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\nx\0y: z\r\n\r\n", [400]),
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\nx: y\0\r\n\r\n", [400]),
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n", [400]),
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n", [400]),
        (b"GET /healthz HTTP/1.1\r\n\r\n", [400]),
        # Methods and targets that mean nothing here.
        (b"BREW /v1/models HTTP/1.1\r\nhost: x\r\n\r\n", [400]),
        (b"DELETE /v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", [405]),
        (b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n" + CLOSE, [404, 200]),
        (b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", [404]),
        (b"GET http://x/healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", [200]),
        (b"GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", [404]),
        (
            b"GET /v1/models/%ff%00%0d%0ax:y HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + KEY + b"\r\n",
            [404],
        ),
        (b"GET //healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", [404]),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", [414]),
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 200 + b"\r\n", [431]),
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\na: " + b"b" * 400_000 + b"\r\n\r\n", [431]),
        (b"GET /healthz HTTP/2.0\r\nhost: x\r\n\r\n", [505]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400]),
        # Chunks.
        (post(b"transfer-encoding: chunked\r\n", body=b"g\r\n"), [400]),
        (post(b"transfer-encoding: chunked\r\n", body=b"ffffffffffffffff1\r\n"), [400]),
        (post(b"transfer-encoding: chunked\r\n", body=b"2\r\n{}x\r\n0\r\n\r\n"), [400]),
        (post(b"transfer-encoding: chunked\r\n", body=b"2\n{}\n0\n\n"), [400]),
        (post(b"transfer-encoding: chunked\r\n", body=b"2\r\n{}"), [408]),
        (post(b"transfer-encoding: chunked\r\n", body=b"0\r\n\r\n" + CLOSE), [400, 200]),
        # Promises.
        (post(LENGTH, b"expect: 200-ok\r\n"), [417]),
        (post(LENGTH, b"content-encoding: gzip\r\n") + CLOSE, [415, 200]),
        (post(LENGTH, b"upgrade: websocket\r\nconnection: upgrade\r\n") + CLOSE, [200, 200]),
    ],
)
def test_each_trick_gets_its_answer(stage: Stage, data: bytes, statuses: list[int]) -> None:
    assert [answer.status for answer in check(stage, data)] == statuses


@pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC, EMBEDDINGS])
def test_a_request_that_drips_is_told_so_in_its_dialect(stage: Stage, dialect: str) -> None:
    data = request(dialect, plain(dialect, "oa/m"))
    for end in (len(data) - 1, data.index(b"\r\n\r\n") + 3):
        (answer,) = check(stage, data[:end])
        assert answer.status == 408
        assert "in time" in refusal(answer, dialect)


def test_a_request_in_single_bytes_is_a_request(stage: Stage) -> None:
    data = request(OPENAI, CHAT)
    (answer,) = stage.talk(*(data[index : index + 1] for index in range(len(data))))
    assert answer.status in {200, 408}, "or too slow, on a busy machine"
    stage.settle()
