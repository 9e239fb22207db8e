"""Answers that are kept and gone on, at hosts that know nothing of it and at hosts that do."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.gateway.memory import CHATTY, KEEPER, TYPED, World, events_of, with_memory

ALL = [CHATTY, TYPED, KEEPER]


@pytest.mark.parametrize("first", ALL)
@pytest.mark.parametrize("second", ALL)
@pytest.mark.parametrize("stream", [False, True])
def test_a_conversation_goes_on_at_any_host(tmp_path: Path, first: str, second: str, stream: bool) -> None:
    async def test(world: World) -> None:
        begun = await world.create(first, "one", stream=stream)
        begun = events_of(begun)[-1]["response"] if stream else begun
        told = await world.create(second, "two", previous_response_id=begun["id"], instructions="Be brief.")
        assert told["previous_response_id"] == begun["id"]
        assert told["store"] is True
        _, sent = world.sent[-1]
        if first == second == KEEPER:
            assert sent["previous_response_id"] == begun["id"]
            assert sent["input"] == "two"
        else:
            assert "previous_response_id" not in sent
            assert world.words()[-3:] == ["one", "pong 1", "two"]
            assert not [item for item in sent.get("input", ()) if first != second and "id" in item]
        third = await world.create(CHATTY, "three", previous_response_id=told["id"])
        assert world.words() == ["one", "pong 1", "two", "pong 2", "three"]
        assert third["output"][0]["content"][0]["text"] == "pong 3"

    with_memory(tmp_path, test)


def test_what_passes_to_its_own_dialect_passes_untouched(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        for model in (TYPED, KEEPER):
            body = b'{ "model":"%s", "input" : "x" , "unknown":[1.0, 2e0],"store":true }' % model.encode()
            status, headers, answer = await world.front.call("POST", "/v1/responses", body, key="mine")
            assert status == 200
            assert "x-counterpoint-losses" not in headers
            assert world.sent[-1][1] == {**json.loads(body), "model": "m"}
            assert answer["model"] == "m-1"

    with_memory(tmp_path, test)


def test_what_is_not_to_be_kept_leaves_nothing(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        for model in ALL:
            for stream in (False, True):
                told = await world.create(model, "one", store=False, stream=stream)
                told = events_of(told)[-1]["response"] if stream else told
                assert told["store"] is False
                await world.call("GET", f"/v1/responses/{told['id']}", status=404)
                again = {"previous_response_id": told["id"]}
                refused = await world.create(model, "two", status=400, **again)
                assert refused["error"]["code"] == "previous_response_not_found"
        assert not [question for question in world.memory.asked if type(question).__name__ == "Keep"]

    with_memory(tmp_path, test)


def test_what_another_project_keeps_does_not_exist(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        told = await world.create(CHATTY, "secret")
        assert await world.call("GET", f"/openai/v1/responses/{told['id']}") == told
        path = f"/v1/responses/{told['id']}"
        for method, tail in (("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/input_items")):
            await world.call(method, path + tail, key="theirs", status=404)
        body = {"model": CHATTY, "input": "x", "previous_response_id": told["id"]}
        await world.call("POST", "/v1/responses", body, key="theirs", status=400)
        await world.call("GET", path, key="wrong", status=401)
        assert (await world.call("GET", path))["id"] == told["id"]
        await world.call("DELETE", path)
        await world.call("GET", path, status=404)

    with_memory(tmp_path, test)


def test_a_kept_answer_is_the_one_that_was_given(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        for model in ALL:
            for stream in (False, True):
                told = await world.create(model, "one", stream=stream, metadata={"a": "b"})
                told = events_of(told)[-1]["response"] if stream else told
                assert await world.call("GET", f"/v1/responses/{told['id']}") == told
        ids = [item[1].get("id") for item in world.sent]
        assert ids.count(None) == len(ids)

    with_memory(tmp_path, test)


def test_input_items_are_paged(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        said: list[Any] = [
            {"role": "user", "content": "a"},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "1"},
            {
                "type": "message",
                "id": "msg_mine",
                "role": "user",
                "content": [{"type": "input_text", "text": "d"}],
            },
        ]
        told = await world.create(CHATTY, said)
        path = f"/v1/responses/{told['id']}/input_items"
        whole = await world.call("GET", path + "?order=asc")
        assert [item["type"] for item in whole["data"]] == [
            "message",
            "function_call",
            "function_call_output",
            "message",
        ]
        assert whole["data"][0]["content"] == [{"type": "input_text", "text": "a"}]
        assert whole["data"][3]["id"] == "msg_mine"
        assert whole["has_more"] is False
        newest = await world.call("GET", path + "?limit=2")
        assert newest["has_more"] is True
        assert [item["id"] for item in newest["data"]] == [item["id"] for item in whole["data"][:1:-1]]
        rest = await world.call("GET", f"{path}?limit=2&after={newest['last_id']}")
        assert [item["id"] for item in rest["data"]] == [item["id"] for item in whole["data"][1::-1]]
        for query in ("?limit=0", "?limit=x", "?order=up"):
            await world.call("GET", path + query, status=400)

    with_memory(tmp_path, test)


def test_without_a_memory_answers_say_that_they_are_not_kept(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        before = await world.create(CHATTY, "one")
        world.memory.away = True
        for model in ALL:
            for stream in (False, True):
                told = await world.create(model, "one", stream=stream)
                told = events_of(told)[-1]["response"] if stream else told
                assert told["store"] is False
                assert told["output"][0]["content"][0]["text"].startswith("pong")
        for more in (
            {"previous_response_id": before["id"]},
            {"background": True},
            {"conversation": "conv_1"},
        ):
            refused = await world.create(CHATTY, "two", status=503, **more)
            assert refused["error"]["code"] == "state_unavailable"
        await world.call("GET", f"/v1/responses/{before['id']}", status=503)

    with_memory(tmp_path, test)


def test_what_a_call_says_of_state_must_make_sense(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"store": "no"}, "store"),
            ({"previous_response_id": 5}, "previous_response_id"),
            ({"previous_response_id": "a", "conversation": "b"}, "previous_response_id"),
            ({"conversation": 5}, "conversation"),
            ({"background": True, "store": False}, "background"),
            ({"background": "yes"}, "background"),
        ]
        for more, param in wrong:
            refused = await world.create(CHATTY, "x", status=400, **more)
            assert refused["error"]["param"] == param, refused
        for id_ in ("resp_nothing", "no such id", "é", "x" * 500):
            refused = await world.create(CHATTY, "x", status=400, previous_response_id=id_)
            assert refused["error"]["code"] == "previous_response_not_found"
        await world.create(CHATTY, "x", status=404, conversation={"id": "conv_nothing"})
        for path in ("/v1/responses/resp_nothing", "/v1/responses/%00", "/v1/conversations/none"):
            await world.call("GET", path, status=404)
        await world.call("GET", "/v1/responses/resp_a/nothing/here", status=404)
        assert world.sent == []

    with_memory(tmp_path, test)


def test_thinking_that_only_its_host_can_read_stays_there(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        thought = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "sealed"}
        world.output = [thought]
        told = await world.create(TYPED, "one")
        world.output = None
        await world.create(TYPED, "two", previous_response_id=told["id"])
        assert thought in world.sent[-1][1]["input"]  # back to where it came from
        for model in (KEEPER, CHATTY):
            body = json.dumps({"model": model, "input": "two", "previous_response_id": told["id"]}).encode()
            _, headers, _ = await world.front.call("POST", "/v1/responses", body, key="mine")
            assert "sealed" not in json.dumps(world.sent[-1][1])
            assert "reasoning" in headers["x-counterpoint-losses"]

    with_memory(tmp_path, test)


def test_items_are_named_instead_of_sent_again(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        for first in ALL:
            told = await world.create(first, "one")
            named: list[Any] = [
                {"role": "user", "content": "one"},
                {"type": "item_reference", "id": told["output"][0]["id"]},
                {"role": "user", "content": "two"},
            ]
            for second in (CHATTY, TYPED):
                await world.create(second, named)
                assert world.words()[0] == "one"
                assert world.words()[1].startswith("pong")
        told = await world.create(KEEPER, "one")
        named[1]["id"] = told["output"][0]["id"]
        await world.create(KEEPER, named)
        assert world.sent[-1][1]["input"][1] == named[1]

    with_memory(tmp_path, test)


def test_a_host_of_the_dialect_compacts_what_went_before(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        told = await world.create(CHATTY, "one")
        body = {"model": TYPED, "previous_response_id": told["id"], "input": "two"}
        compacted = await world.call("POST", "/v1/responses/compact", body)
        assert compacted["output"]
        assert world.words() == ["one", "pong 1", "two"]
        assert "stream" not in world.sent[-1][1]
        refused = await world.call("POST", "/v1/responses/compact", {**body, "model": CHATTY}, status=400)
        assert refused["error"]["code"] == "cannot_compact"

    with_memory(tmp_path, test)


def test_tokens_are_counted_with_what_went_before(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        told = await world.create(CHATTY, "word " * 400)
        path = "/v1/responses/input_tokens"
        alone = await world.call("POST", path, {"model": CHATTY, "input": "two"})
        more = await world.call(
            "POST", path, {"model": CHATTY, "input": "two", "previous_response_id": told["id"]}
        )
        assert alone["object"] == "response.input_tokens"
        assert more["input_tokens"] > alone["input_tokens"] + 300

    with_memory(tmp_path, test)
