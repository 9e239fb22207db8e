import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from counterpoint.canonical import (
    ChatRequest,
    EmbedResponse,
    Failure,
    FailureKind,
    PartDelta,
    StreamEvent,
)
from counterpoint.engines.client import LOST, UNREACHABLE, EngineLink
from counterpoint.engines.frames import (
    MAX_FRAME,
    Answer,
    Call,
    Cancel,
    Count,
    Done,
    Event,
    Failed,
    FrameReader,
    Leaving,
    Question,
    encode,
    questions,
)

REQUEST = ChatRequest("m")


class Sink:
    def __init__(self) -> None:
        self.events: list[StreamEvent] = []
        self.ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def on_event(self, event: StreamEvent) -> None:
        self.events.append(event)

    def on_result(self, result: EmbedResponse | int) -> None:
        self.ended.set_result(result)

    def on_done(self) -> None:
        self.ended.set_result("done")

    def on_failure(self, failure: Failure) -> None:
        self.ended.set_result(failure)


class Peer:
    """The other end: what it was asked, and answers at the test's word."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[Question] = asyncio.Queue()
        self.writer: asyncio.StreamWriter | None = None
        self.connections = 0
        self.serving: list[asyncio.Task[None]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving.append(task)
        self.writer = writer
        self.connections += 1
        frames = FrameReader()
        try:
            while data := await reader.read(65536):
                for body in frames.feed(data):
                    self.asked.put_nowait(questions.decode(body))
        except ConnectionError:
            pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def call(self) -> Call:
        async with asyncio.timeout(10):
            call = await self.asked.get()
        assert isinstance(call, Call)
        return call

    def answer(self, *answers: Answer) -> None:
        assert self.writer is not None
        self.writer.write(b"".join(map(encode, answers)))

    def hang_up(self) -> None:
        assert self.writer is not None
        self.writer.transport.abort()


def conversation(path: Path, talk: Callable[[Peer, EngineLink], Awaitable[None]]) -> None:
    async def main() -> None:
        peer = Peer()
        server = await asyncio.start_unix_server(peer.serve, path / "s.sock")
        link = EngineLink(path / "s.sock")
        try:
            async with asyncio.timeout(20):
                await talk(peer, link)
        finally:
            link.close()
            await asyncio.gather(*peer.serving)
            server.close()

    asyncio.run(main())


def test_calls_share_a_connection_and_answers_find_their_caller(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        one, two = Sink(), Sink()
        link.call("chat", REQUEST, None, one)
        link.call("count_tokens", REQUEST, 5.0, two)
        first, second = await peer.call(), await peer.call()
        assert (first.operation, second.operation, second.keep_alive) == ("chat", "count_tokens", 5.0)
        delta = PartDelta(0, 0, "hi")
        peer.answer(Count(second.id, 42), Event(first.id, delta), Event(first.id, delta), Done(first.id))
        assert await two.ended == 42
        assert await one.ended == "done"
        assert one.events == [delta, delta]
        assert peer.connections == 1

    conversation(tmp_path, talk)


def test_a_failure_goes_to_its_call_alone(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        one, two = Sink(), Sink()
        link.call("chat", REQUEST, None, one)
        link.call("chat", REQUEST, None, two)
        first, second = await peer.call(), await peer.call()
        failure = Failure(FailureKind.overloaded, "busy")
        peer.answer(Failed(first.id, failure), Done(second.id))
        assert await one.ended == failure
        assert await two.ended == "done"

    conversation(tmp_path, talk)


def test_what_frames_cannot_carry_is_refused_alone(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        deep: Any = {}
        for _ in range(100_000):
            deep = {"a": deep}
        for value in ("x" * MAX_FRAME, 2**70, deep):
            sink = Sink()
            link.call("chat", ChatRequest("m", metadata={"a": value}), None, sink)
            assert not sink.ended.done()
            failure = await sink.ended
            assert (failure.kind, failure.code) == (FailureKind.bad_request, "engine_refused")
        gone = Sink()
        link.call("chat", ChatRequest("m", metadata={"a": 2**70}), None, gone).cancel()
        good = Sink()
        link.call("chat", REQUEST, None, good)
        while not isinstance(question := await peer.asked.get(), Call):
            assert isinstance(question, Cancel)
        peer.answer(Done(question.id))
        await good.ended
        assert not gone.ended.done()
        while deep:  # taken apart by hand: freeing it at once would nest as deeply
            deep = deep.pop("a")

    conversation(tmp_path, talk)


def test_when_the_process_dies_every_call_fails_once(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        sinks = [Sink() for _ in range(3)]
        for sink in sinks:
            link.call("chat", REQUEST, None, sink)
        calls = [await peer.call() for _ in sinks]
        peer.answer(Done(calls[0].id))
        assert await sinks[0].ended == "done"
        peer.hang_up()
        for sink in sinks[1:]:
            failure = await sink.ended
            assert (failure.kind, failure.code) == (FailureKind.unavailable, LOST)
            assert "restarted" in failure.message
        again = Sink()
        link.call("chat", REQUEST, None, again)
        peer.answer(Done((await peer.call()).id))
        assert await again.ended == "done", "the next call connects anew"
        assert peer.connections == 2

    conversation(tmp_path, talk)


def test_when_nobody_listens_the_call_was_never_made(tmp_path: Path) -> None:
    async def main() -> None:
        link, sink = EngineLink(tmp_path / "nobody.sock"), Sink()
        link.call("chat", REQUEST, None, sink)
        assert not sink.ended.done(), "the sink is not called before call() returns"
        failure = await sink.ended
        assert (failure.kind, failure.code) == (FailureKind.unavailable, UNREACHABLE)

    asyncio.run(main())


def test_a_model_that_leaves_gives_back_what_it_did_not_take(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        sink = Sink()
        link.call("chat", REQUEST, None, sink)
        await peer.call()
        peer.answer(Leaving())
        assert (await sink.ended).code == UNREACHABLE

    conversation(tmp_path, talk)


def test_a_cancelled_call_is_silent_and_the_process_is_told(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        gone, other = Sink(), Sink()
        handle = link.call("chat", REQUEST, None, gone)
        call = await peer.call()
        handle.cancel()
        handle.cancel()
        assert await peer.asked.get() == Cancel(call.id)
        link.call("chat", REQUEST, None, other)
        second = await peer.call()
        peer.answer(Event(call.id, PartDelta(0, 0, "x")), Done(call.id), Done(second.id))
        assert await other.ended == "done"
        assert not gone.events
        assert not gone.ended.done()

    conversation(tmp_path, talk)


def test_a_call_cancelled_before_it_was_sent_is_never_sent(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        link.call("chat", REQUEST, None, Sink()).cancel()
        sink = Sink()
        link.call("count_tokens", REQUEST, None, sink)
        assert (await peer.call()).operation == "count_tokens"

    conversation(tmp_path, talk)


def test_hanging_up_fails_what_is_in_flight(tmp_path: Path) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        sent, waiting = Sink(), Sink()
        link.call("chat", REQUEST, None, sent)
        await peer.call()
        link.close()
        assert (await sent.ended).code == LOST
        link.call("chat", REQUEST, None, waiting)
        link.close()
        assert (await waiting.ended).code == LOST

    conversation(tmp_path, talk)


@pytest.mark.parametrize(
    "nonsense", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02\xc0\xc0", b"\x00\x00\x00\x01\x01"]
)
def test_nonsense_from_the_process_counts_as_its_end(tmp_path: Path, nonsense: bytes) -> None:
    async def talk(peer: Peer, link: EngineLink) -> None:
        sink = Sink()
        link.call("chat", REQUEST, None, sink)
        await peer.call()
        assert peer.writer is not None
        peer.writer.write(nonsense)
        assert (await sink.ended).code == LOST

    conversation(tmp_path, talk)
