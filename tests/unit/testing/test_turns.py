"""Conversations in the form in which they are compared."""

from counterpoint.testing.alignment import Node, plain, tree
from counterpoint.testing.turns import MessageNode, contents, drop, items_of, json_text, turns


def test_consecutive_messages_are_one_turn_and_the_system_stands_apart() -> None:
    texts = [contents(tree(text, f"m[{index}]")) for index, text in enumerate(("a", "b", "c", "d"))]
    roles = ["system", "user", "user", "assistant"]
    messages = [MessageNode(Node(f"m[{n}]", {}), role, texts[n]) for n, role in enumerate(roles)]
    fields: dict[str, Node] = {}
    turns(fields, messages)
    found = plain(Node("", fields))
    assert [turn["role"] for turn in found["~turns"]] == ["user", "assistant"]
    assert len(found["~turns"][0]["says"]) == 2
    assert [item["text"] for item in found["~system"]] == ["a"]


def test_what_says_nothing_is_dropped() -> None:
    fields = {"n": Node("n", 1), "on": Node("on", True)}
    drop(fields, "n", 1)
    drop(fields, "on", 1)
    assert list(fields) == ["on"]
    assert contents(tree("  ")) == []
    assert items_of(tree("x")) == []
    assert (json_text('{"b":1, "a":2}'), json_text(" "), json_text("{x")) == ('{"a": 2, "b": 1}', "{}", "{x")
