import http.client
import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest

from counterpoint.testing.recordings import Recording
from counterpoint.testing.replay import Fault, ReplayHost, pieces, replay
from counterpoint.wire.eventstream import event_message

EVENTS = [b'data: {"n": 1}\n\n', b'data: {"n": 2}\n\n', b"data: [DONE]\n\n"]


def recorded(body: bytes, media_type: str = "", *, stream: bool = False, status: int = 200) -> Recording:
    headers = {"content-type": media_type} if media_type else {}
    return Recording(
        file="f",
        dialect="d",
        repo="r",
        stream=stream,
        status=status,
        response_headers=headers,
        response_body=body,
    )


STREAM = recorded(b"".join(EVENTS), stream=True)


@pytest.fixture
def host() -> Iterator[ReplayHost]:
    known = {"whole": recorded(b'{"a":1}'), "stream": STREAM, "busy": recorded(b"{}", status=429)}
    with replay(known) as running:
        yield running


def post(host: ReplayHost, path: str, body: dict[str, str]) -> tuple[str, bytes]:
    with urlopen(Request(host.url + path, json.dumps(body).encode()), timeout=10) as answer:
        return answer.headers["content-type"], answer.read()


def test_a_model_named_in_the_body_or_in_the_address_gets_its_answer(host: ReplayHost) -> None:
    assert post(host, "/v1/chat", {"model": "whole"}) == ("application/json", b'{"a":1}')
    assert post(host, "/v1beta/models/whole:generateContent", {}) == ("application/json", b'{"a":1}')
    assert post(host, "/model/stream/converse", {}) == ("text/event-stream", b"".join(EVENTS))
    assert [asked.model for asked in host.seen] == ["whole", "whole", "stream"]
    for name, status in (("busy", 429), ("unknown", 404)):
        with pytest.raises(OSError, match=str(status)):
            post(host, "/v1/chat", {"model": name})


@pytest.mark.parametrize(
    ("recording", "expected"),
    [
        (STREAM, EVENTS),
        (recorded(b'{"a":1}\n{"a":2}\n', stream=True), [b'{"a":1}\n', b'{"a":2}\n']),
        (recorded(event_message("a", b"1") * 2, stream=True), [event_message("a", b"1")] * 2),
        (recorded(b'{"a":\n\n1}'), [b'{"a":\n\n1}']),
    ],
)
def test_a_stream_comes_in_the_pieces_of_the_wire(recording: Recording, expected: list[bytes]) -> None:
    assert list(pieces(recording)) == expected


def test_faults(host: ReplayHost) -> None:
    host.faults["stream"] = Fault("cut", 2)
    with pytest.raises(http.client.IncompleteRead) as cut:
        post(host, "/v1/chat", {"model": "stream"})
    assert cut.value.partial == b"".join(EVENTS[:2])
    host.faults["stream"] = Fault("garbage", 1)
    _, body = post(host, "/v1/chat", {"model": "stream"})
    assert body.startswith(EVENTS[0])
    assert EVENTS[1] not in body
    host.faults["stream"] = Fault("reset")
    with pytest.raises(ConnectionError):
        post(host, "/v1/chat", {"model": "stream"})


@pytest.mark.parametrize("fault", [Fault("mute"), Fault("stall", 1)])
def test_silence_lasts_until_the_host_ends(fault: Fault) -> None:
    with replay({"stream": STREAM}) as host:
        host.faults["stream"] = fault
        connection = http.client.HTTPConnection(host.url.removeprefix("http://"), timeout=0.3)
        connection.request("POST", "/model/stream/x", b"{}")
        with pytest.raises(TimeoutError):
            connection.getresponse().read()
        connection.close()
