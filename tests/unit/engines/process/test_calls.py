import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    EmbedRequest,
    EmbedResponse,
    Failure,
    FailureKind,
    PartDelta,
    StreamEvent,
)
from counterpoint.canonical.errors import Refused
from counterpoint.engines.frames import (
    Answer,
    Call,
    Cancel,
    Count,
    Done,
    Event,
    Failed,
    FrameReader,
    Leaving,
    Operation,
    Status,
    Vectors,
    answers,
    encode,
    encode_request,
)
from counterpoint.engines.process.calls import Calls
from counterpoint.engines.process.settings import Settings


class Steered:
    """A model that does what the test says: its chats wait for `go`."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.at_work = 0
        self.cancelled = 0

    async def chat(self, request: ChatRequest, emit: Callable[[StreamEvent], None]) -> None:
        if request.model == "defect":
            raise KeyError("a defect")
        if request.model == "refused":
            raise Refused(Failure(FailureKind.unsupported, "cannot"))
        if request.model == "broken":
            raise ConnectionResetError("the native server went away")
        emit(PartDelta(0, 0, "a"))
        self.at_work += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.at_work -= 1

    async def count(self, request: ChatRequest) -> int:
        return 7

    async def embed(self, request: EmbedRequest) -> EmbedResponse:
        return EmbedResponse(request.model, ())


class Caller:
    """A connection, spoken on frame by frame."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer
        self._frames = FrameReader()
        self._read: list[Answer] = []

    def call(
        self, number: int, model: str = "m", operation: Operation = "chat", keep_alive: float | None = None
    ) -> None:
        request = EmbedRequest(model, ("a",)) if operation == "embed" else ChatRequest(model)
        self.writer.write(encode(Call(number, operation, encode_request(request), keep_alive)))

    async def answer(self) -> Answer:
        while not self._read:
            data = await self._reader.read(65536)
            assert data, "hung up"
            self._read += [answers.decode(body) for body in self._frames.feed(data)]
        return self._read.pop(0)


Talk = Callable[[Caller, Steered, Calls, list[Status]], Awaitable[None]]


def talk(settings: Settings, conversation: Talk) -> list[Status]:
    """Have the conversation; what the process reported meanwhile."""
    statuses: list[Status] = []

    async def main() -> None:
        model = Steered()
        calls = Calls(model, settings, Status("loading"), statuses.append)
        with tempfile.TemporaryDirectory(prefix="counterpoint-") as folder:
            path = Path(folder) / "s.sock"
            await calls.listen(path)
            caller = Caller(*await asyncio.open_unix_connection(str(path)))
            async with asyncio.timeout(20):
                await conversation(caller, model, calls, statuses)
            caller.writer.close()
            with suppress(ConnectionError):
                await caller.writer.wait_closed()
            calls.leave()

    asyncio.run(main())
    return statuses


def test_each_operation_has_its_answer() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        model.go.set()
        caller.call(1)
        assert await caller.answer() == Event(1, PartDelta(0, 0, "a"))
        assert await caller.answer() == Done(1)
        caller.call(2, operation="count_tokens")
        assert await caller.answer() == Count(2, 7)
        caller.call(3, operation="embed")
        assert await caller.answer() == Vectors(3, EmbedResponse("m", ()))

    statuses = talk(Settings(), conversation)
    assert statuses[0].state == "ready"
    assert statuses[-1].state == "unloading"
    assert statuses[-1].calls == 3
    assert max(status.active for status in statuses) == 1
    assert statuses[-1].active == 0


def test_whatever_goes_wrong_is_an_answer() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        for number, (name, kind) in enumerate(
            (("refused", "unsupported"), ("defect", "internal"), ("broken", "upstream_error"))
        ):
            caller.call(number, name)
            failed = await caller.answer()
            assert isinstance(failed, Failed)
            assert (failed.id, failed.failure.kind.value) == (number, kind)
        caller.writer.write(encode(Call(9, "chat", msgspec.Raw(b"\x01"))))
        failed = await caller.answer()
        assert isinstance(failed, Failed)
        assert failed.failure.kind is FailureKind.bad_request
        model.go.set()
        caller.call(10)
        await caller.answer()
        assert await caller.answer() == Done(10), "the connection still works"

    talk(Settings(), conversation)


def test_a_full_queue_is_refused_and_the_rest_goes_on() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        for number in range(4):
            caller.call(number)
        found = [await caller.answer() for _ in range(4)]
        refused = [answer for answer in found if isinstance(answer, Failed)]
        assert [(answer.id, answer.failure.kind) for answer in refused] == [(3, FailureKind.overloaded)]
        model.go.set()
        assert {(await caller.answer()).id for _ in range(3)} == {0, 1, 2}  # type: ignore[union-attr]

    talk(Settings(parallel=2, queue=1), conversation)


def test_a_cancelled_call_stops_and_nothing_is_said() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        caller.call(1)
        await caller.answer()
        caller.writer.write(encode(Cancel(1)) + encode(Cancel(99)))
        caller.call(2, operation="count_tokens")
        assert await caller.answer() == Count(2, 7)
        assert (model.at_work, model.cancelled) == (0, 1)
        assert statuses[-1].active == 0

    talk(Settings(), conversation)


def test_a_caller_who_hangs_up_takes_its_calls_along() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        caller.call(1)
        caller.call(2)
        await caller.answer()
        await caller.answer()
        caller.writer.close()
        while model.cancelled < 2:  # noqa: ASYNC110 - the timeout of the conversation ends it
            await asyncio.sleep(0)

    talk(Settings(), conversation)


def test_nonsense_ends_the_connection_and_nothing_else() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        caller.writer.write(b"\xff\xff\xff\xffGET / HTTP/1.1\r\n")
        with suppress(ConnectionError):
            assert await caller._reader.read() == b""
        assert not calls.finished.is_set()

    talk(Settings(), conversation)


def test_who_leaves_ends_every_call_first() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        caller.call(1)
        await caller.answer()
        failure = Failure(FailureKind.unavailable, "too much memory")
        calls.leave(failure)
        assert await caller.answer() == Failed(1, failure)
        assert await caller.answer() == Leaving()
        assert calls.finished.is_set()
        assert statuses[-1].failure == failure
        calls.leave()

    talk(Settings(), conversation)


def test_idle_for_long_enough_it_leaves() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        model.go.set()
        caller.call(1)
        await caller.answer()
        assert await caller.answer() == Done(1)
        assert not calls.finished.is_set()
        assert await caller.answer() == Leaving()
        await calls.finished.wait()

    talk(Settings(keep_alive=0.05), conversation)


def test_the_last_call_says_how_long_it_stays() -> None:
    async def conversation(caller: Caller, model: Steered, calls: Calls, statuses: list[Status]) -> None:
        model.go.set()
        caller.call(1, keep_alive=-1)
        await caller.answer()
        await caller.answer()
        assert calls._idle is None, "for ever"
        caller.call(2, keep_alive=3600)
        await caller.answer()
        await caller.answer()
        assert calls._idle is not None
        caller.call(3, keep_alive=0)
        await caller.answer()
        await caller.answer()
        assert await caller.answer() == Leaving(), "at once"

    talk(Settings(keep_alive=-1), conversation)
