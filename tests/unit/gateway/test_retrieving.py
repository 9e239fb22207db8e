"""Conversations, and what they are asked for."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.gateway.memory import CHATTY, KEEPER, TYPED, World, events_of, with_memory


@pytest.mark.parametrize("model", [CHATTY, TYPED, KEEPER])
def test_a_conversation_is_gone_on_by_its_id(tmp_path: Path, model: str) -> None:
    async def test(world: World) -> None:
        item = {"type": "message", "role": "user", "content": "before"}
        made = await world.call("POST", "/v1/conversations", {"metadata": {"a": "b"}, "items": [item]})
        assert (made["object"], made["metadata"]) == ("conversation", {"a": "b"})
        id_ = made["id"]
        told = await world.create(model, "one", conversation=id_)
        assert told["conversation"] == {"id": id_}
        await world.create(model, "two", conversation={"id": id_}, stream=True)
        assert world.words() == ["before", "one", "pong 1", "two"]
        assert "conversation" not in world.sent[-1][1]
        queued = await world.create(model, "three", conversation=id_, background=True, stream=True)
        assert events_of(queued)[-1]["type"] == "response.completed"
        listed = await world.call("GET", f"/v1/conversations/{id_}/items?order=asc")
        words = [item["content"][0]["text"] for item in listed["data"]]
        assert words == ["before", "one", "pong 1", "two", "pong 2", "three", "pong 3"]
        assert len({item["id"] for item in listed["data"]}) == 7

    with_memory(tmp_path, test)


def test_items_come_and_go(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        id_ = (await world.call("POST", "/v1/conversations"))["id"]
        path = f"/v1/conversations/{id_}/items"
        added = await world.call(
            "POST", path, {"items": [{"role": "user", "content": word} for word in ("a", "b", "c")]}
        )
        first, second, third = (item["id"] for item in added["data"])
        page = await world.call("GET", path + "?limit=2")
        assert ([item["id"] for item in page["data"]], page["has_more"]) == ([third, second], True)
        rest = await world.call("GET", f"{path}?after={second}")
        assert ([item["id"] for item in rest["data"]], rest["has_more"]) == ([first], False)
        assert (await world.call("GET", f"{path}/{second}"))["content"][0]["text"] == "b"
        await world.call("DELETE", f"{path}/{second}")
        await world.call("GET", f"{path}/{second}", status=404)
        await world.create(CHATTY, "d", conversation=id_)
        assert world.words() == ["a", "c", "d"]

    with_memory(tmp_path, test)


def test_labels_change_and_a_conversation_ends(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        id_ = (await world.call("POST", "/v1/conversations", {}))["id"]
        path = f"/v1/conversations/{id_}"
        assert (await world.call("POST", path, {"metadata": {"x": "y"}}))["metadata"] == {"x": "y"}
        assert (await world.call("GET", path))["metadata"] == {"x": "y"}
        for method, tail, body in (
            ("GET", "", None),
            ("POST", "", {}),
            ("DELETE", "", None),
            ("GET", "/items", None),
        ):
            await world.call(method, path + tail, body, key="theirs", status=404)
        gone = await world.call("DELETE", path)
        assert gone == {"id": id_, "object": "conversation.deleted", "deleted": True}
        await world.call("GET", path, status=404)
        await world.create(CHATTY, "x", conversation=id_, status=404)

    with_memory(tmp_path, test)


def test_what_a_conversation_takes_is_checked(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        wrong: list[tuple[Any, str]] = [
            ({"metadata": []}, "metadata"),
            ({"metadata": {"a": 5}}, "metadata.a"),
            ({"metadata": {"a": "x" * 513}}, "metadata"),
            ({"items": "x"}, "items"),
            ({"items": [5]}, "items[0]"),
            ({"items": [{}] * 101}, "items"),
        ]
        for body, param in wrong:
            refused = await world.call("POST", "/v1/conversations", body, status=400)
            assert refused["error"]["param"] == param
        await world.call("POST", "/v1/conversations", [], status=400)

    with_memory(tmp_path, test)
