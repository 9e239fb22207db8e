"""Local models whose processes are killed, frozen and talked nonsense to: callers get an error, once, and the next
call works."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator

import pytest

from counterpoint.canonical import ChatResponse, Failure, FailureKind
from counterpoint.engines.frames import Call, encode, encode_request
from tests.engines import CHAT, LocalModels, asked, models_folder, text_of

QUESTION = "What is the opposite of hot?"


@pytest.fixture
def local() -> Iterator[LocalModels]:
    """The demo models, for this test alone."""
    running = LocalModels(models_folder())
    yield running
    running.stop()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_mid_stream_fails_its_calls_and_comes_back(
    local: LocalModels, end: signal.Signals
) -> None:
    calls = [local.begin(asked("Tell me a very long story.", max_output=400)) for _ in range(3)]
    for call in calls:
        call.wait_for_events(4)
    running = local.supervisor._records[CHAT].running
    assert running is not None
    os.kill(local.status(CHAT).pid, end)
    for call in calls:
        failure = call.end()
        assert isinstance(failure, Failure)
        assert (failure.kind, failure.code) == (FailureKind.unavailable, "engine_lost")
        assert call.ends == ["failure"], "once"
    local.run(running.ended())  # until then another call may be lost with it
    assert "cold" in text_of(local.chat(asked(QUESTION)))
    status = local.status(CHAT)
    assert (status.state, status.crashes) == ("ready", 1)


def test_a_process_killed_while_it_loads_is_started_again(local: LocalModels) -> None:
    async def kill_once() -> None:
        starting = asyncio.ensure_future(local.supervisor.ensure(CHAT))
        record = local.supervisor._records.get(CHAT)
        while record is None or record.running is None or record.running.pid is None:
            await asyncio.sleep(0)
            record = local.supervisor._records.get(CHAT)
        os.kill(record.running.pid, signal.SIGKILL)
        with pytest.raises(Exception, match="could not be loaded"):
            await starting
        record.not_before = 0.0

    local.run(kill_once())
    assert isinstance(local.chat(asked(QUESTION)), ChatResponse)


def test_nonsense_on_its_socket_does_it_no_harm(local: LocalModels) -> None:
    local.chat(asked(QUESTION, max_output=1))
    (path,) = (path for path in local.sockets.iterdir() if ".n." not in path.name)
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x00\x05\x93\xa4call", bytes(100_000), b""):
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(str(path))
            stranger.sendall(nonsense)
    assert "cold" in text_of(local.chat(asked(QUESTION)))
    assert local.status(CHAT).crashes == 0


def test_a_caller_who_stops_reading_holds_nobody_up(local: LocalModels) -> None:
    """Its answers wait in the kernel and in the process; the others' go on."""
    local.chat(asked(QUESTION, max_output=1))
    (path,) = (path for path in local.sockets.iterdir() if ".n." not in path.name)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.connect(str(path))
        deaf.sendall(encode(Call(1, "chat", encode_request(asked("Tell me a story.", max_output=200)))))
        assert "cold" in text_of(local.chat(asked(QUESTION)))
    local.wait_until_idle(CHAT)
