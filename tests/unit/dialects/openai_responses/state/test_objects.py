"""How what is kept is shown."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_responses.state import objects
from counterpoint.dialects.openai_responses.state.asking import ID
from counterpoint.kept import Item
from tests.unit.dialects.openai_responses.state.test_composing import kept


def test_items_are_shown_with_their_content_as_a_list() -> None:
    shown = objects.shown_item(b'{"role":"user","content":"x"}', "msg_1")
    assert shown == {
        "id": "msg_1",
        "type": "message",
        "role": "user",
        "status": "completed",
        "content": [{"type": "input_text", "text": "x"}],
    }
    said = objects.shown_item(b'{"type":"message","role":"assistant","content":"x"}', "msg_2")
    assert said["content"] == [{"type": "output_text", "text": "x", "annotations": [], "logprobs": []}]
    call = objects.shown_item(b'{"type":"function_call","call_id":"c"}', "fc_1")
    assert call == {"type": "function_call", "call_id": "c", "id": "fc_1"}
    assert objects.shown_item(b"5", "x")["id"] == "x"


@given(st.integers(0, 30), st.integers(1, 12), st.booleans())
def test_pages_together_are_the_whole(count: int, limit: int, ascending: bool) -> None:
    asked = [{"type": "message", "role": "user", "content": str(place)} for place in range(count)]
    found = kept("resp_1", asked, [])
    inputs = [json.dumps(item).encode() for item in asked]
    told: list[str] = []
    after = ""
    while True:
        query = f"limit={limit}&order={'asc' if ascending else 'desc'}{after}"
        page = json.loads(objects.input_page(found, inputs, query))
        told += [item["content"][0]["text"] for item in page["data"]]
        if not page["has_more"]:
            break
        after = f"&after={page['last_id']}"
    numbers = [str(place) for place in range(count)]
    assert told == (numbers if ascending else numbers[::-1])


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=-1", "limit=1e3", "order=x"])
def test_pages_that_there_are_not_are_refused(query: str) -> None:
    with pytest.raises(Refused):
        objects.page_of(query)


def test_items_get_ids_that_may_be_kept() -> None:
    fields: dict[str, Any] = {"items": [{"role": "user", "content": "x"}, {"id": "é é", "type": "message"}]}
    items = objects.items_brought(fields, needed=True)
    assert len({item.id for item in items}) == 2
    assert all(ID.fullmatch(item.id) for item in items)
    assert objects.items_brought({}, needed=False) == ()
    with pytest.raises(Refused):
        objects.items_brought({}, needed=True)
    page = json.loads(objects.item_page((*items, Item("i", b"{}")), 2))
    assert (page["has_more"], page["last_id"]) == (True, items[1].id)


def test_what_was_deleted_is_said() -> None:
    assert json.loads(objects.deleted("r", "response")) == {"id": "r", "object": "response", "deleted": True}
    assert objects.flag_in(objects.said_in("stream=true"), "stream")
    assert not objects.flag_in(objects.said_in("stream=false"), "stream")
