"""What a call is sent with that goes on what was kept."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.openai_responses.state.asking import wish_of
from counterpoint.dialects.openai_responses.state.composing import Past, input_ids
from counterpoint.kept import Item, Kept, Trail

Json = dict[str, Any]


def said(text: str, **more: Any) -> Json:
    return {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": text}],
        **more,
    }


def kept(
    id_: str,
    asked: Any,
    output: list[Json],
    *,
    host: str = "a",
    native: bool = False,
    previous: str | None = None,
) -> Kept:
    return Kept(
        id=id_,
        project="p",
        key="k",
        host=host,
        status="completed",
        created=1,
        input=json.dumps(asked).encode(),
        answer=json.dumps({"id": id_, "output": output}).encode(),
        native=native,
        previous=previous,
    )


def past(trail: Trail, **fields: Any) -> Past:
    body = json.dumps({"model": "m", **fields}).encode()
    return Past(body, wish_of(body), trail)


def sent(found: Past, host: str | None) -> tuple[Json, list[str]]:
    body, losses = found.body_for(host)
    return json.loads(body), [loss.code for loss in losses]


def test_a_call_that_goes_on_nothing_is_sent_as_it_is() -> None:
    found = past(Trail(), input="x", store=True)
    assert found.body_for("a") == found.body_for(None)
    assert json.loads(found.body_for("a")[0]) == {"model": "m", "input": "x", "store": True}


def test_the_host_that_keeps_the_answer_is_told_its_id_alone() -> None:
    trail = Trail(answers=(kept("r", "one", [said("two", id="msg_1")], native=True),))
    found = past(trail, input="three", previous_response_id="r")
    assert sent(found, "a")[0] == {"model": "m", "input": "three", "previous_response_id": "r"}
    body, losses = sent(found, "b")
    assert "previous_response_id" not in body
    assert [item["role"] for item in body["input"]] == ["user", "assistant", "user"]
    assert "id" not in body["input"][1]
    assert losses == []
    assert sent(found, None)[0]["input"][1]["id"] == "msg_1"


def test_the_last_answer_decides_who_keeps_the_conversation() -> None:
    first = kept("r", "one", [said("two", id="msg_1")], native=True)
    last = kept("s", "three", [said("four", id="msg_2")], host="b", previous="r")
    body, _ = sent(past(Trail(answers=(first, last)), input="five", previous_response_id="s"), "a")
    assert [item.get("id") for item in body["input"]] == [None, "msg_1", None, None, None]


def test_what_only_its_host_can_read_does_not_go_elsewhere() -> None:
    sealed = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}
    named = {"type": "reasoning", "id": "rs_2", "summary": []}
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    result = {"type": "custom_tool_call_output", "id": "o", "call_id": "c", "output": "1"}
    trail = Trail(answers=(kept("r", [], [sealed, named, search, result]),))
    found = past(trail, input="x", previous_response_id="r")
    body, losses = sent(found, "a")
    assert body["input"][:3] == [sealed, search, result]
    assert losses == ["reasoning.encrypted"]
    body, losses = sent(found, "b")
    assert [item["type"] for item in body["input"]] == ["custom_tool_call_output", "message"]
    assert "id" not in body["input"][0]
    assert losses == ["reasoning.encrypted", "reasoning.encrypted", "part.web_search_call"]
    assert [item["type"] for item in sent(found, None)[0]["input"][:3]] == [
        "reasoning",
        "reasoning",
        "web_search_call",
    ]


def test_a_conversation_is_always_sent_whole() -> None:
    items = (Item("i", json.dumps(said("one", id="msg_1")).encode(), "a", True),)
    found = past(Trail(items=items), input="two", conversation="c")
    body, _ = sent(found, "a")
    assert "conversation" not in body
    assert [item.get("id") for item in body["input"]] == ["msg_1", None]


def test_in_the_background_events_are_asked_for() -> None:
    trail = Trail(answers=(kept("r", "one", [], native=True),))
    found = past(trail, input="x", background=True, previous_response_id="r")
    assert sent(found, "a")[0] == {"model": "m", "input": "x", "previous_response_id": "r", "stream": True}
    assert sent(found, "b")[0]["stream"] is True
    assert "background" not in sent(found, None)[0]


def test_names_become_what_they_name_unless_the_host_knows_them() -> None:
    name = {"type": "item_reference", "id": "msg_1"}
    answer = kept("r", [{"role": "user", "content": "one"}], [said("two", id="msg_1")], native=True)
    found = past(Trail(named=(answer,)), input=[name, {"type": "item_reference", "id": "msg_9"}])
    body, _ = sent(found, None)
    assert body["input"] == [said("two", id="msg_1"), {"type": "item_reference", "id": "msg_9"}]
    alone = past(Trail(named=(answer,)), input=[name])
    assert sent(alone, "a")[0]["input"] == [name]
    (id_,) = input_ids("r", [b'{"role":"user","content":"one"}'])
    mine = past(Trail(named=(answer,)), input=[{"type": "item_reference", "id": id_}])
    assert sent(mine, "b")[0]["input"] == [{"role": "user", "content": "one"}]


texts = st.text(max_size=8)


@given(st.lists(st.tuples(texts, texts), max_size=4), texts, st.sampled_from(["a", "b", None]))
def test_nothing_that_was_said_is_dropped_and_its_order_stays(
    turns: list[tuple[str, str]], last: str, host: str | None
) -> None:
    answers = tuple(
        kept(f"r{place}", question, [said(answer, id=f"msg_{place}")], host="ab"[place % 2])
        for place, (question, answer) in enumerate(turns)
    )
    body, losses = sent(past(Trail(answers=answers), input=last, previous_response_id="r"), host)
    told = [
        item["content"] if isinstance(item["content"], str) else item["content"][0]["text"]
        for item in body["input"]
    ]
    assert told == [text for turn in turns for text in turn] + [last]
    assert losses == []
