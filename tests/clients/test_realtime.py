"""Realtime by OpenAI's own SDK and by a plain WebSocket client: a host of the same API is behind the gateway."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openai
import pytest
from google import genai
from google.genai import types as genai_types
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Request, Response
from websockets.sync.client import connect

from counterpoint.directory import Directory, Host, Key, Offering, Price, PriceTier
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from tests.certificates import make_certificates
from tests.replaying import Served, serving

PRICE = Price(
    tiers=(PriceTier(input=1_000_000, output=2_000_000, audio_in=10_000_000, audio_out=20_000_000),),
)
DONE = {
    "type": "response.done",
    "response": {
        "status": "completed",
        "usage": {
            "input_tokens": 30,
            "output_tokens": 12,
            "input_token_details": {"text_tokens": 10, "audio_tokens": 20},
            "output_token_details": {"text_tokens": 2, "audio_tokens": 10},
        },
    },
}
COST = Decimal("0.000414")
LIVE = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
TURN = {
    "serverContent": {"turnComplete": True},
    "usageMetadata": {
        "promptTokenCount": 7,
        "responseTokenCount": 5,
        "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}],
    },
}


class Talker:
    """`asked`: handshakes; `heard`: messages."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Request] = []
        self.heard: list[Any] = []

    async def talk(self, socket: ServerConnection) -> None:
        live = socket.request is not None and socket.request.path.startswith("/ws/")
        if not live:
            await socket.send(json.dumps({"type": "session.created", "session": {}}))
        async for message in socket:
            self.heard.append(message if isinstance(message, bytes) else json.loads(message))
            said = self.heard[-1]
            if isinstance(said, bytes):
                await socket.send(said[::-1])
            elif "setup" in said:
                await socket.send(json.dumps({"setupComplete": {}}).encode())
            elif live:
                await socket.send(json.dumps(TURN).encode())
            elif said.get("type") == "hang_up":
                await socket.close(1013, "later")
            else:
                await socket.send(json.dumps({"type": "response.output_text.delta", "delta": "é" * 70_000}))
                await socket.send(json.dumps(DONE))

    def admit(self, _: ServerConnection, request: Request) -> Response | None:
        self.asked.append(request)
        if "busy" in request.path:
            return Response(503, "Busy", request.headers.__class__({"content-length": "4"}), b"busy")
        return None


@pytest.fixture
def host() -> Iterator[Talker]:
    talker, started, ending = Talker(), threading.Event(), []

    async def run() -> None:
        stop = asyncio.Event()
        ending.append((asyncio.get_running_loop(), stop))
        async with serve(talker.talk, "127.0.0.1", 0, process_request=talker.admit, max_size=None) as server:
            talker.url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        assert started.wait(20)
        yield talker
    finally:
        loop, stop = ending[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def directory(host: Talker) -> Directory:
    paths = {"openai-realtime": "/realtime", "gemini-live": LIVE}
    one = Host("one", f"{host.url}/v1", paths, (("authorization", "Bearer theirs"),))
    dead = Host("dead", "http://127.0.0.1:1", paths)
    able = frozenset({"realtime"})
    return Directory(
        keys={
            digest_of("cp-test"): Key("k", "mine", "project", "organisation"),
            digest_of("cp-narrow"): Key("k2", "narrow", "project", "organisation", models=("other/*",)),
        },
        projects={"project": Project("project", "project")},
        hosts={"one": one, "dead": dead},
        offerings=(
            Offering("one", "their-voice", "voice", price=PRICE, capabilities=able),
            Offering("dead", "voice", "voice", capabilities=able),
            Offering("one", "busy", "busy", capabilities=able),
            Offering("dead", "gone", "gone", capabilities=able),
        ),
    )


@pytest.fixture
def gateway(host: Talker, tmp_path: Path) -> Iterator[Served]:
    with serving(directory(host), tmp_path) as served:
        yield served


def address(gateway: Served, path: str) -> str:
    return gateway.url.replace("http", "ws") + path


def until(wanted: Callable[[], Any]) -> Any:
    pause = threading.Event()
    for _ in range(400):
        found = wanted()
        if found:
            return found
        pause.wait(0.02)
    raise AssertionError("it never came")


def test_the_sdk_talks_in_realtime(gateway: Served, host: Talker) -> None:
    base = f"{gateway.url}/v1"
    with (
        openai.OpenAI(
            base_url=base, websocket_base_url=base.replace("http", "ws"), api_key="cp-test"
        ) as client,
        client.realtime.connect(model="voice") as session,
    ):
        assert session.recv().type == "session.created"
        for _ in range(2):
            session.response.create()
            assert len(getattr(session.recv(), "delta", "")) == 70_000
            assert session.recv().type == "response.done"
    assert [said["type"] for said in host.heard] == ["response.create"] * 2
    asked = host.asked[-1]
    assert asked.path == "/v1/realtime?model=their-voice"
    assert asked.headers["authorization"] == "Bearer theirs"
    assert "sec-websocket-extensions" not in asked.headers
    entries = gateway.entries()
    assert [(entry.operation, entry.offering, entry.cost) for entry in entries] == [
        ("realtime", "one/their-voice", COST)
    ] * 2
    assert (entries[0].usage.audio_in, entries[0].usage.audio_out, entries[0].project) == (20, 10, "project")


def test_bytes_pass_as_they_are_and_the_end_too(gateway: Served) -> None:
    protocols: Any = ["realtime", "openai-insecure-api-key.cp-test"]
    with connect(address(gateway, "/v1/realtime?model=voice"), subprotocols=protocols[1:]) as socket:
        socket.recv()
        socket.send(bytes(range(256)) * 1000)
        assert socket.recv() == (bytes(range(256)) * 1000)[::-1]
        socket.ping().wait(5)
        socket.send(json.dumps({"type": "hang_up"}))
        with pytest.raises(ConnectionClosed) as raised:
            socket.recv()
    assert raised.value.rcvd is not None
    assert (raised.value.rcvd.code, raised.value.rcvd.reason) == (1013, "later")


@pytest.mark.parametrize(
    ("key", "model", "status"),
    [
        ("cp-wrong", "voice", 401),
        ("cp-narrow", "voice", 403),
        ("cp-test", "nobody", 404),
        ("cp-test", "busy", 503),
        ("cp-test", "gone", 502),
        ("cp-test", "", 400),
    ],
)
def test_a_session_that_cannot_be_is_refused_in_http(
    gateway: Served, key: str, model: str, status: int
) -> None:
    with pytest.raises(InvalidStatus) as raised:
        connect(
            address(gateway, f"/v1/realtime?model={model}"),
            additional_headers={"authorization": f"Bearer {key}"},
        )
    assert raised.value.response.status_code == status
    assert "error" in json.loads(raised.value.response.body)


def test_googles_sdk_talks_live(host: Talker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = make_certificates(tmp_path)  # that SDK speaks TLS alone
    monkeypatch.setenv("SSL_CERT_FILE", str(shown.authority))

    async def talk(url: str) -> list[Any]:
        client = genai.Client(api_key="cp-test", http_options=genai_types.HttpOptions(base_url=url))
        config = genai_types.LiveConnectConfig(response_modalities=[genai_types.Modality.AUDIO])
        async with client.aio.live.connect(model="voice", config=config) as session:
            await session.send_client_content(
                turns={"role": "user", "parts": [{"text": "Hi"}]}, turn_complete=True
            )
            return [message async for message in session.receive()]

    with serving(directory(host), tmp_path, shown.server()) as served:
        message = asyncio.run(asyncio.wait_for(talk(served.url), 20))[-1]
        assert message.server_content.turn_complete
        assert message.usage_metadata.prompt_token_count == 7
        assert [entry.usage.audio_out for entry in until(served.entries)] == [5]
    assert host.heard[0]["setup"]["model"] == "models/their-voice"


def test_live_sessions_name_their_model_first(gateway: Served, host: Talker) -> None:
    with connect(address(gateway, f"{LIVE}?key=cp-test")) as socket:
        socket.send(json.dumps({"setup": {"model": "models/voice", "x": 1}}))
        assert json.loads(socket.recv()) == {"setupComplete": {}}
        socket.send(json.dumps({"clientContent": {"turnComplete": True}}))
        assert json.loads(socket.recv()) == TURN
    assert host.heard[0] == {"setup": {"model": "models/their-voice", "x": 1}}
    assert host.asked[-1].path == LIVE
    (entry,) = until(gateway.entries)
    assert (entry.client_dialect, entry.usage.input, entry.usage.audio_out) == ("gemini-live", 7, 5)
    assert entry.cost == Decimal("0.000107")


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("{}", 1007),
        ("nonsense", 1007),
        ('{"setup":{"model":"models/nobody"}}', 1008),
        ('{"setup":{"model":"dead/gone"}}', 1011),
    ],
)
def test_a_live_session_that_cannot_be_is_closed(gateway: Served, first: str, code: int) -> None:
    with connect(address(gateway, f"{LIVE}?key=cp-test")) as socket:
        socket.send(first)
        with pytest.raises(ConnectionClosed) as raised:
            socket.recv()
    assert raised.value.rcvd is not None
    assert raised.value.rcvd.code == code
    assert raised.value.rcvd.reason


def test_a_session_ends_with_its_gateway(host: Talker, tmp_path: Path) -> None:
    one = Host("one", f"{host.url}/v1", {"openai-realtime": "/realtime"})
    known = Directory(
        keys={digest_of("cp-test"): Key("k", "m", "p", "o")},
        hosts={"one": one},
        projects={"p": Project("p", "p")},
    )
    with serving(known, tmp_path) as served:
        socket = connect(
            address(served, "/v1/realtime?model=one/any"),
            additional_headers={"authorization": "Bearer cp-test"},
        )
        socket.recv()
    with pytest.raises(ConnectionClosed) as raised:
        socket.recv()
    assert raised.value.rcvd is not None
    assert raised.value.rcvd.code == 1001
    socket.close()


def test_what_is_no_websocket_is_http(gateway: Served) -> None:
    with (
        openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="cp-test", max_retries=0) as client,
        pytest.raises(openai.NotFoundError),
    ):
        client.get("/realtime", cast_to=object)
