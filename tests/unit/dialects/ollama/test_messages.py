"""What messages say, and how calls without ids find their results."""

from counterpoint.canonical import Message, Reasoning, Text, ToolCall, ToolResult
from counterpoint.dialects.ollama.messages import arguments_object, kind_of_image
from tests.unit.dialects.ollama.bodies import CALL, DIALECT, PNG, asked


def decoded(*messages: dict[str, object]) -> tuple[Message, ...]:
    return DIALECT.decode_request(asked(messages=list(messages))).messages


def test_thinking_words_and_calls_are_parts() -> None:
    (message,) = decoded({"role": "assistant", "thinking": "Hm.", "content": "Hi", "tool_calls": [CALL]})
    reasoning, text, call = message.parts
    assert reasoning == Reasoning("Hm.")
    assert text == Text("Hi")
    assert isinstance(call, ToolCall)
    assert (call.name, call.arguments) == ("weather", '{"city":"Paris"}')


def test_results_without_ids_are_for_the_next_call_of_their_tool() -> None:
    other = {"function": {"name": "time", "arguments": {}}}
    messages = decoded(
        {"role": "assistant", "content": "", "tool_calls": [CALL, other]},
        {"role": "tool", "tool_name": "time", "content": "noon"},
        {"role": "tool", "content": "21"},
    )
    calls = [part.id for part in messages[0].parts if isinstance(part, ToolCall)]
    results = [
        part.call_id for message in messages[1:] for part in message.parts if isinstance(part, ToolResult)
    ]
    assert len(set(calls)) == 2
    assert results == calls[::-1]


def test_the_kind_of_a_picture_is_read_off_its_bytes() -> None:
    assert kind_of_image(PNG) == "image/png"
    assert kind_of_image("/9j/4AAQ") == "image/jpeg"
    assert kind_of_image("AAAA") is None


def test_arguments_that_are_no_object_are_wrapped_in_one() -> None:
    assert arguments_object('{"a":1}') == ({"a": 1}, True)
    assert arguments_object("") == ({}, True)
    assert arguments_object("[1]") == ({"arguments": [1]}, False)
    assert arguments_object("{") == ({"arguments": "{"}, False)
