"""Whose field is whose."""

from counterpoint.canonical import Message, Opaque, Text, ToolResult
from counterpoint.dialects.mistral_chat.names import GRAMMAR, NAME, mistrals, ours, shared, unspelled

HELD = {GRAMMAR: {"prefix": True, "~content": "list", "~~odd": 1}}
MESSAGE = Message(
    "tool", (ToolResult("c", (Text("a", extensions=HELD), Opaque(GRAMMAR, "x", 1))),), extensions=HELD
)


def test_fields_are_mistrals_and_spellings_the_grammars() -> None:
    owned = ours(MESSAGE)
    assert owned.extensions == {GRAMMAR: {"~content": "list"}, NAME: {"prefix": True, "~~odd": 1}}
    result = owned.parts[0]
    assert isinstance(result, ToolResult)
    assert result.parts[1] == Opaque(NAME, "x", 1)
    assert shared(owned) == MESSAGE


def test_of_an_answer_both_are_mistrals() -> None:
    owned = mistrals(MESSAGE)
    assert owned.extensions == {NAME: HELD[GRAMMAR]}
    assert shared(owned) == MESSAGE


def test_what_holds_nothing_is_the_same_value() -> None:
    message = Message("user", (Text("a"),))
    assert ours(message) is shared(message) is unspelled(message) is message


def test_spellings_can_be_left_behind() -> None:
    assert unspelled(MESSAGE).extensions == {GRAMMAR: {"prefix": True, "~~odd": 1}}
