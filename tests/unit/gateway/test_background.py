"""Answers that are made without their client."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.unit.gateway.memory import CHATTY, KEEPER, TYPED, World, events_of, with_memory

ALL = [CHATTY, TYPED, KEEPER]


async def until(world: World, id_: str, *states: str) -> dict[str, Any]:
    while True:
        told: dict[str, Any] = await world.call("GET", f"/v1/responses/{id_}")
        if told["status"] in states:
            return told
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("model", ALL)
def test_it_is_asked_for_polled_and_gone_on(tmp_path: Path, model: str) -> None:
    async def test(world: World) -> None:
        world.pause = asyncio.Event()
        queued = await world.create(model, "one", background=True, instructions="Be brief.")
        assert (queued["status"], queued["output"], queued["background"]) == ("queued", [], True)
        assert queued["instructions"] == "Be brief."
        assert (await world.call("GET", f"/v1/responses/{queued['id']}"))["status"] in {
            "queued",
            "in_progress",
        }
        world.pause.set()
        told = await until(world, queued["id"], "completed")
        assert told["output"][0]["content"][0]["text"] == "pong 1"
        assert (told["id"], told["background"]) == (queued["id"], True)
        assert "background" not in world.sent[-1][1]
        await world.create(model, "two", previous_response_id=queued["id"])
        assert world.words()[-3:] == ["one", "pong 1", "two"]
        after = await world.create(model, "three", previous_response_id=queued["id"], background=True)
        assert (await until(world, after["id"], "completed"))["previous_response_id"] == queued["id"]

    with_memory(tmp_path, test)


@pytest.mark.parametrize("model", ALL)
def test_its_events_are_heard_as_often_as_wanted(tmp_path: Path, model: str) -> None:
    async def test(world: World) -> None:
        heard = events_of(await world.create(model, "one", background=True, stream=True))
        kinds = [event["type"] for event in heard]
        assert kinds[:3] == ["response.created", "response.queued", "response.in_progress"] or model != CHATTY
        assert kinds[:2] == ["response.created", "response.queued"]
        assert kinds[-1] == "response.completed"
        assert [event["sequence_number"] for event in heard] == list(range(len(heard)))
        id_ = heard[0]["response"]["id"]
        assert {event["response"]["id"] for event in heard if "response" in event} == {id_}
        path = f"/v1/responses/{id_}?stream=true"
        assert events_of(await world.call("GET", path)) == heard
        assert events_of(await world.call("GET", path + "&starting_after=2")) == heard[3:]
        assert events_of(await world.call("GET", path + "&starting_after=999")) == []

    with_memory(tmp_path, test)


def test_it_goes_on_when_its_client_leaves_and_is_heard_from_there(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        world.pause = asyncio.Event()
        reader, writer = await asyncio.open_connection("127.0.0.1", world.front.port)
        body = b'{"model":"chatty/m","input":"one","background":true,"stream":true}'
        lines = ["POST /v1/responses HTTP/1.1", "host: x", "authorization: Bearer mine"]
        head = "\r\n".join([*lines, f"content-length: {len(body)}", "", ""])
        writer.write(head.encode() + body)
        first = await reader.readuntil(b"response.in_progress")
        writer.close()
        id_ = events_of(first)[0]["response"]["id"]
        listening = asyncio.create_task(
            world.call("GET", f"/v1/responses/{id_}?stream=true&starting_after=1")
        )
        await asyncio.sleep(0.3)
        world.pause.set()
        heard = events_of(await listening)
        assert heard[-1]["type"] == "response.completed"
        assert heard[0]["sequence_number"] == 2

    with_memory(tmp_path, test)


def test_it_is_stopped_for_good(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        world.pause = asyncio.Event()
        queued = await world.create(CHATTY, "one", background=True)
        path = f"/v1/responses/{queued['id']}"
        assert (await world.call("POST", path + "/cancel"))["status"] == "cancelled"
        assert world.gateway._stateful is not None
        await asyncio.wait_for(world.gateway._stateful.background._idle.wait(), 5)
        world.pause.set()
        assert (await world.call("GET", path))["status"] == "cancelled"
        assert (await world.call("POST", path + "/cancel"))["status"] == "cancelled"
        assert events_of(await world.call("GET", path + "?stream=true"))[0]["type"] == "response.created"
        await world.call("DELETE", path)
        told = await world.create(CHATTY, "one")
        await world.call("POST", f"/v1/responses/{told['id']}/cancel", status=400)
        await world.call("GET", f"/v1/responses/{told['id']}?stream=true", status=400)

    with_memory(tmp_path, test)


def test_what_is_refused_at_once_leaves_nothing(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        await world.create("nothing/at-all", "one", background=True, status=404)
        await world.create(CHATTY, [{"role": "user", "content": 5}], background=True, status=400)
        dropped = [item for item in world.memory.asked if type(item).__name__ == "Drop"]
        assert len(dropped) == 1

    with_memory(tmp_path, test)


def test_a_worker_that_ends_says_that_its_answers_failed(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        world.pause = asyncio.Event()
        queued = await world.create(TYPED, "one", background=True)
        await world.gateway.close()
        told = await world.call("GET", f"/v1/responses/{queued['id']}")
        assert told["status"] == "failed"
        assert told["error"]["code"]
        heard = events_of(await world.call("GET", f"/v1/responses/{queued['id']}?stream=true"))
        assert heard[-1]["type"] == "response.failed"

    with_memory(tmp_path, test)
