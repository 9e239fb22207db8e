"""A gateway worker as its clients and its control process meet it: a process, sockets, a spool."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest
import uvloop

from counterpoint.app.worker import Link
from counterpoint.canonical import Failure
from counterpoint.directory import Directory
from counterpoint.kept import Ask, Find, Tell, Trace, Trail
from tests.unit.app.rig import Rig, with_worker
from tests.unit.gateway.conversation import CHAT_ANSWER, CHAT_STREAM, chat
from tests.unit.serving.talk import until

ASK = json.loads(chat("gpt-x"))


def test_an_answer_is_relayed_and_its_entry_stands_when_it_arrives(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        status, headers, body = await rig.ask(ASK)
        assert (status, body) == (200, CHAT_ANSWER)
        (entry,) = rig.entries()
        assert (entry.id, entry.offering) == (headers["x-request-id"], "alpha/gpt-x")
        assert rig.asked[0].startswith(b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:")

    with_worker(tmp_path, test)


def test_a_stream_is_relayed(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        asked = {**ASK, "stream": True, "stream_options": {"include_usage": True}}
        status, headers, body = await rig.ask(asked)
        assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        for piece in CHAT_STREAM:
            assert piece in body
        (entry,) = rig.entries()
        assert (entry.usage.output, entry.stream, entry.finish) == (5, True, "stop")

    with_worker(tmp_path, test)


def test_a_key_that_the_directory_does_not_have_yet_works_at_once(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        assert (await rig.ask(ASK, key="newer"))[0] == 200
        assert (await rig.ask(ASK, key="wrong"))[0] == 401
        assert len(rig.looked_up) == 2

    with_worker(tmp_path, test)


def test_a_control_process_that_does_not_answer_is_as_good_as_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counterpoint.app.worker.LOOK_UP_SECONDS", 0.05)

    async def run() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_unix_server(silent, tmp_path / "control.sock")
        link, answered = Link("worker-1"), asyncio.Event()
        transport, _ = await asyncio.get_running_loop().create_unix_connection(
            lambda: link, str(tmp_path / "control.sock")
        )
        link.look_up(b"x" * 32, lambda key: answered.set() if key is None else None)
        assert not answered.is_set()
        async with asyncio.timeout(20):
            await answered.wait()
        transport.close()
        server.close()

    uvloop.run(run())


def test_a_new_directory_holds_from_the_next_request_on(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        assert (await rig.ask(ASK))[0] == 200
        rig.links.publish(Directory(revision=2, keys=rig.directory.keys, projects=rig.directory.projects))
        await rig.ask_until(ASK, lambda status: status == 404)

    with_worker(tmp_path, test)


def test_before_its_first_directory_a_worker_says_that_it_is_starting(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        status, headers, body = await rig.ask(ASK)
        assert (status, headers["retry-after"]) == (503, "1")
        assert "starting" in json.loads(body)["error"]["message"]

    with_worker(tmp_path, test, publish=False)


def test_a_local_model_that_cannot_be_started_is_a_clear_error(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        directory = Directory(
            revision=3,
            keys=rig.directory.keys,
            projects=rig.directory.projects,
            hosts={"local": rig.directory.hosts["alpha"].__class__("local")},
            offerings=(rig.directory.offerings[0].__class__("local", "tiny", "tiny"),),
        )
        rig.links.publish(directory)
        answer = await rig.ask_until({**ASK, "model": "tiny"}, lambda status: status != 404)
        assert answer[0] == 503
        assert "no tiny here" in json.loads(answer[2])["error"]["message"]

    with_worker(tmp_path, test)


def test_a_killed_worker_is_replaced_and_has_lost_no_entry(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        await rig.ask(ASK)
        (pid,) = rig.workers.pids.values()
        os.kill(pid, signal.SIGKILL)
        await until(lambda: rig.links.listening == 0)
        await rig.links.wait_listening(1)
        assert (await rig.ask(ASK))[0] == 200
        assert len(rig.entries()) == 2

    with_worker(tmp_path, test)


def test_a_worker_that_is_told_to_stop_completes_its_answers(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        asked = {**ASK, "stream": True, "messages": [{"role": "user", "content": "hang"}]}
        asking = asyncio.create_task(rig.ask(asked))
        await until(lambda: bool(rig.asked))
        stopping = asyncio.create_task(rig.workers.stop(1.0))
        await asking
        await stopping
        (entry,) = rig.entries()
        assert entry.usage.output == 5

    with_worker(tmp_path, test)


def test_what_is_kept_is_asked_for_and_a_trouble_with_it_is_a_clear_error(tmp_path: Path) -> None:
    body = {"model": "gpt-x", "input": "two", "previous_response_id": "resp_1"}

    async def test(rig: Rig) -> None:
        asked: list[Ask] = []

        async def recall(question: Ask) -> Tell:
            asked.append(question)
            return Trail(missing="resp_1")

        status, _, answer = await rig.ask(body, path="/v1/responses")  # nobody answers the question
        assert (status, json.loads(answer)["error"]["code"]) == (503, "state_unavailable")
        rig.links.recall = recall
        status, _, answer = await rig.ask(body, path="/v1/responses")
        assert (status, json.loads(answer)["error"]["code"]) == (400, "previous_response_not_found")
        assert asked == [Trace("p1", "resp_1")]

    with_worker(tmp_path, test)


@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_question_that_nobody_answers_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hangs_up: bool
) -> None:
    monkeypatch.setattr("counterpoint.app.worker.QUESTION_SECONDS", 600 if hangs_up else 0.05)

    async def run() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            if not hangs_up:
                await reader.read()
            writer.close()

        server = await asyncio.start_unix_server(silent, tmp_path / "control.sock")
        link, told = Link("worker-1"), asyncio.Event()
        failures: list[object] = []

        def tell(found: object) -> None:
            failures.append(found)
            told.set()

        transport, _ = await asyncio.get_running_loop().create_unix_connection(
            lambda: link, str(tmp_path / "control.sock")
        )
        link.ask(Find("p", "r"), tell)
        async with asyncio.timeout(20):
            await told.wait()
        transport.close()
        server.close()
        (failure,) = failures
        assert isinstance(failure, Failure)
        assert failure.code == "state_unavailable"

    uvloop.run(run())
