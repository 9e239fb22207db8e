"""Real answers of hosts, damaged: the caller gets an answer that can be read or an error, never our failure."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.testing.recordings import recordings
from tests.staging.answers import frames, refusal
from tests.staging.damage import damaged, damaged_bytes
from tests.staging.hosts import LAST_CHUNK, STREAM_HEAD, asked, chunked, whole
from tests.staging.stage import Stage
from tests.staging.words import ANTHROPIC, EMBEDDINGS, OPENAI, plain

ROADS = [(OPENAI, "oa"), (OPENAI, "an"), (ANTHROPIC, "oa"), (ANTHROPIC, "an")]
SPOKEN = {"oa": OPENAI, "an": ANTHROPIC}
Answers = Mapping[str, list[Any]]


class Parrot:
    """A host that answers whatever it is told to."""

    answer = b""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await asked(reader)
            writer.write(self.answer)


PARROT = Parrot()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("stage"))
    stage.host("oa", PARROT, (OPENAI, EMBEDDINGS), first_event_timeout=0.3, idle_timeout=0.3)
    stage.host("an", PARROT, (ANTHROPIC,), first_event_timeout=0.3, idle_timeout=0.3)
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def bodies(shared: Path) -> Answers:
    """Whole answers, and streams as lists of events, of moderate size, by dialect."""
    found: dict[str, list[Any]] = {}
    for dialect in (OPENAI, ANTHROPIC, EMBEDDINGS):
        for recording in recordings(shared / "data" / "provider-recordings", dialect):
            body = recording.response_body
            if recording.status != 200 or not 0 < len(body) < 6000:
                continue
            if body.startswith(b"{"):
                found.setdefault(f"{dialect} whole", []).append(json.loads(body))
            elif dialect != EMBEDDINGS:
                events = [
                    _event(block) for block in body.replace(b"\r", b"").split(b"\n\n") if b"data: {" in block
                ]
                found.setdefault(f"{dialect} stream", []).extend([events] if events else [])
    return found


def _event(block: bytes) -> tuple[bytes, Any]:
    head, _, data = block.partition(b"data: ")
    return head, json.loads(data.partition(b"\n")[0])


def check(stage: Stage, client: str, host: str, *, streamed: bool, answer: bytes) -> None:
    """One call whose host says `answer`."""
    PARROT.answer = answer
    before = len(stage.entries())
    got = stage.post(client, plain(client, f"{host}/m", **({"stream": True} if streamed else {})))
    stage.settle()
    (entry,) = stage.entries()[before:]
    assert entry.status == got.status
    assert got.whole
    if got.status != 200:
        assert got.status >= 400
        assert got.status != 500 or b'"status":500' in answer
        if SPOKEN.get(host) != client:  # else the host's own error passes as it was
            assert refusal(got, client)
    elif not streamed:
        # What a host says in the caller's dialect passes byte for byte, its numbers and letters whatever they are.
        text = got.body.decode("utf-8", "replace")
        assert isinstance(json.loads(text, parse_int=str, strict=False), dict)
    elif SPOKEN[host] != client:  # else the host's own events pass as they were
        assert frames(got, client)


@pytest.mark.parametrize(("client", "host"), [*ROADS, (EMBEDDINGS, "oa")])
@given(st.data())
def test_a_damaged_answer_is_passed_on_or_told(
    stage: Stage, bodies: Answers, client: str, host: str, draw: st.DataObject
) -> None:
    spoken = EMBEDDINGS if client == EMBEDDINGS else SPOKEN[host]
    value = damaged(draw, draw.draw(st.sampled_from(bodies[f"{spoken} whole"])))
    data = json.dumps(value).encode()
    if draw.draw(st.booleans()):
        data = damaged_bytes(draw, data)
    check(stage, client, host, streamed=False, answer=whole(data))


@pytest.mark.parametrize(("client", "host"), ROADS)
@given(st.data())
def test_a_damaged_stream_is_passed_on_or_told(
    stage: Stage, bodies: Answers, client: str, host: str, draw: st.DataObject
) -> None:
    events = list(draw.draw(st.sampled_from(bodies[f"{SPOKEN[host]} stream"])))
    for _ in range(draw.draw(st.integers(1, 2))):
        place = draw.draw(st.integers(0, len(events) - 1))
        head, value = events[place]
        match draw.draw(st.sampled_from(["damage", "leave out", "double", "swap"])):
            case "damage":
                events[place] = (head, damaged(draw, value))
            case "leave out" if len(events) > 1:
                del events[place]
            case "double":
                events.insert(place, events[place])
            case "swap":
                events[place], events[0] = events[0], events[place]
    pieces = [head + b"data: " + json.dumps(value).encode() + b"\n\n" for head, value in events]
    pieces += [b"data: [DONE]\n\n"] * (host == "oa")
    if draw.draw(st.booleans()):
        place = draw.draw(st.integers(0, len(pieces) - 1))
        pieces[place] = damaged_bytes(draw, pieces[place]) or b"\n"
    if draw.draw(st.booleans()):
        pieces = [b"".join(pieces)]
    check(
        stage, client, host, streamed=True, answer=STREAM_HEAD + b"".join(map(chunked, pieces)) + LAST_CHUNK
    )


@pytest.mark.parametrize(("client", "host"), [*ROADS, (EMBEDDINGS, "oa")])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 413, 418, 422, 429, 500, 503, 529, 599])
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"[]", b"[" * 100_000, b'{"error":', b'{"error":' * 5000 + b"1" + b"}" * 5000),
        *(b'{"error":null}', b'{"error":{"message":5,"type":[],"code":{}}}', b"\xff\xfe", b'{"errors":[{}]}'),
        *(b'{"type":"error","error":{"type":7}}', b'{"detail":[{"msg":"x"}]}'),
        b'{"error":{"message":"m","code":%d}}' % 10**4000,
    ],
)
def test_any_error_of_a_host_is_told(stage: Stage, client: str, host: str, status: int, body: bytes) -> None:
    PARROT.answer = whole(body, status, "retry-after: 1e9", "retry-after-ms: nan")
    got = stage.post(client, plain(client, f"{host}/m"))
    stage.settle()
    assert got.whole
    assert got.status >= 400
    assert isinstance(got.json, dict)
    assert "error" in got.json
