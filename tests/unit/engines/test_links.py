from collections.abc import Callable
from pathlib import Path
from typing import Any

from counterpoint.canonical import ChatRequest, Failure, FailureKind
from counterpoint.engines.links import Links
from tests.engines import CHAT, Collected, LocalModels, asked

REQUEST = ChatRequest("m")


class Locating:
    """Answers where models are at the test's word."""

    def __init__(self) -> None:
        self.open: list[tuple[str, Callable[[Path | Failure], None]]] = []

    def __call__(self, model: str, answer: Callable[[Path | Failure], None]) -> None:
        self.open.append((model, answer))


def test_a_model_that_cannot_be_had_fails_with_the_reason() -> None:
    locating, sink = Locating(), Collected()
    Links(locating).call("m", "chat", REQUEST, None, sink)
    ((model, answer),) = locating.open
    assert model == "m"
    failure = Failure(FailureKind.not_found, "no such model")
    answer(failure)
    assert sink.end() == failure


def test_a_caller_who_left_meanwhile_hears_nothing() -> None:
    locating, sink = Locating(), Collected()
    Links(locating).call("m", "chat", REQUEST, None, sink).cancel()
    locating.open[0][1](Failure(FailureKind.not_found, "no such model"))
    assert not sink.ends


def test_a_loaded_model_is_called_without_asking_and_an_unloaded_one_is_started(local: LocalModels) -> None:
    """The whole way, as a gateway worker goes it; between the calls the process is ended behind its back."""
    located: list[str] = []

    def locate(model: str, answer: Callable[[Path | Failure], None]) -> None:
        located.append(model)

        async def ensure() -> None:
            answer(await local.supervisor.ensure(model))

        tasks.append(local.loop.create_task(ensure()))

    tasks: list[Any] = []
    links = Links(locate)

    async def begin(sink: Collected) -> None:
        links.call(CHAT, "chat", asked("Hi", max_output=3), None, sink)

    def call() -> None:
        sink = Collected()
        local.run(begin(sink))
        sink.end()
        assert sink.ends == ["done"]

    assert links.running() == frozenset()
    call()
    call()
    assert links.running() == {CHAT}
    assert located == [CHAT], "the second call asks nobody"
    local.run(local.supervisor.unload(CHAT))
    call()
    assert located == [CHAT, CHAT], "the third finds it gone, and has it started"

    async def close() -> None:
        links.close()

    local.run(close())


def test_a_place_where_nobody_listens_is_asked_for_again_but_not_for_ever(local: LocalModels) -> None:
    asked_for: list[str] = []

    def locate(model: str, answer: Callable[[Path | Failure], None]) -> None:
        asked_for.append(model)
        local.loop.call_soon(answer, local.sockets / "nobody.sock")

    sink = Collected()

    async def begin() -> None:
        Links(locate).call("m", "chat", REQUEST, None, sink)

    local.run(begin())
    end = sink.end()
    assert isinstance(end, Failure)
    assert end.code == "engine_unreachable"
    assert len(asked_for) == 3
