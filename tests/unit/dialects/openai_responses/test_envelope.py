"""What an answer repeats of its request."""

from counterpoint.canonical import ChatRequest, Message, Text
from counterpoint.dialects.openai_responses.envelope import REPEATED, repeated, split
from tests.unit.dialects.openai_responses.bodies import decoded


def test_the_request_is_repeated_as_it_was() -> None:
    tool = {"type": "function", "name": "f", "parameters": {}, "strict": True}
    around = repeated(
        decoded(
            instructions="be brief", tools=[tool], metadata={"a": "b"}, text={"verbosity": "low"}, user="u"
        )
    )
    assert (around["instructions"], around["tools"], around["metadata"]) == ("be brief", [tool], {"a": "b"})
    assert around["text"] == {"format": {"type": "text"}, "verbosity": "low"}
    assert (around["user"], around["tool_choice"], around["store"]) == ("u", "auto", False)


def test_without_a_request_of_this_dialect_the_defaults_are_told() -> None:
    assert repeated(None) == REPEATED
    foreign = ChatRequest("m", (Message("user", (Text("a"),)),), extensions={"elsewhere": {"x": 1}})
    assert repeated(foreign) == REPEATED


def test_what_is_no_repetition_is_told_apart() -> None:
    around, rest = split({"status": "completed", "tools": [], "billing": {}, "of_tomorrow": 1})
    assert set(around) == {"status", "tools"}
    assert set(rest) == {"billing", "of_tomorrow"}
