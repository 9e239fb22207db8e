import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from counterpoint.canonical import (
    Failure,
    FailureKind,
    FinishEvent,
    Image,
    Media,
    Message,
    OutputFormat,
    PartDelta,
    PartEnd,
    PartStart,
    ReasoningSettings,
    StartEvent,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    UsageEvent,
)
from counterpoint.canonical.requests import OpaqueTool
from tests.engines import CHAT, LocalModels, asked, text_of, user

WEATHER = Tool(
    "get_weather",
    "The weather in a city now",
    {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 12}, "unit": {"enum": ["C", "F"]}},
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
)
CLOCK = Tool(
    "get_time",
    "The time in a time zone",
    {"type": "object", "properties": {"zone": {"enum": ["UTC", "CET"]}}, "additionalProperties": False},
)


def test_an_answer_streams_in_order_and_folds_to_the_whole(local: LocalModels) -> None:
    call = local.begin(asked("What is the opposite of hot?"))
    answer = call.end()
    kinds = [type(event) for event in call.events]
    assert kinds[:2] == [StartEvent, PartStart]
    assert kinds[-3:] == [PartEnd, FinishEvent, UsageEvent]
    assert set(kinds[2:-3]) == {PartDelta}
    assert len(kinds) > 7, "it came at once instead of in pieces"
    assert answer.model == CHAT  # type: ignore[union-attr]
    assert "cold" in text_of(answer)  # type: ignore[arg-type]
    assert answer.choices[0].finish.reason == "stop"  # type: ignore[union-attr]
    assert call.ends == ["done"]


def test_usage_adds_up_and_cached_input_is_told_apart(local: LocalModels) -> None:
    request = asked("Count the planets of the solar system, please.")
    first, again = local.chat(request), local.chat(request)
    assert first.usage.reported
    assert first.usage.input_total == again.usage.input_total
    assert again.usage.cache_read > 0
    assert first.usage.output == again.usage.output > 0
    counted = local.begin(request, "count_tokens").end()
    assert counted == first.usage.input_total


def test_four_streams_run_side_by_side(local: LocalModels) -> None:
    calls = [local.begin(asked("Tell me about the sea.", seed=seed, temperature=1.0)) for seed in range(4)]
    for call in calls:
        call.wait_for_events(3)
    answers = [call.end() for call in calls]
    assert all(text_of(answer) for answer in answers)  # type: ignore[arg-type]


def test_a_seed_makes_chance_repeat_itself(local: LocalModels) -> None:
    request = asked("Invent a name.", seed=7, temperature=1.5, max_output=12)
    one, two = local.chat(request), local.chat(request)
    other = local.chat(msgspec.structs.replace(request, seed=8))
    assert text_of(one) == text_of(two)
    assert text_of(other) != text_of(one)


def test_several_choices_differ_and_count_their_prompt_once(local: LocalModels) -> None:
    single = local.chat(asked("Invent a name.", seed=1, temperature=1.5, max_output=8))
    several = local.chat(asked("Invent a name.", seed=1, temperature=1.5, max_output=8, n=3))
    assert [choice.index for choice in several.choices] == [0, 1, 2]
    assert len({text_of(several, index) for index in range(3)}) > 1
    assert several.usage.input_total == single.usage.input_total
    assert several.usage.output > single.usage.output


def test_a_stop_sequence_ends_the_answer_and_is_named(local: LocalModels) -> None:
    request = asked("Repeat exactly: one two three four five six")
    whole = text_of(local.chat(request))
    word = whole.split()[3]
    stopped = local.chat(msgspec.structs.replace(request, stop=("NEVER", word)))
    assert text_of(stopped) == whole[: whole.index(word)]
    assert stopped.choices[0].finish.stop_sequence == word  # type: ignore[union-attr]
    assert stopped.usage.output > 0


def test_a_token_limit_ends_the_answer(local: LocalModels) -> None:
    answer = local.chat(asked("Tell me a long story.", max_output=3))
    assert answer.choices[0].finish.reason == "length"  # type: ignore[union-attr]
    assert answer.usage.output == 3


def test_logprobs_cover_the_text(local: LocalModels) -> None:
    answer = local.chat(asked("Say hello.", logprobs=True, top_logprobs=3, max_output=6))
    entries = answer.choices[0].logprobs["content"]
    assert "".join(entry["token"] for entry in entries) == text_of(answer)
    assert all(entry["logprob"] <= 0 and len(entry["top_logprobs"]) == 3 for entry in entries)
    assert set(entries[0]) == {"token", "logprob", "bytes", "top_logprobs"}


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 30}},
            "required": ["name"],
            "additionalProperties": False,
        },
        {
            "type": "array",
            "items": {"type": "integer", "minimum": 0, "maximum": 9},
            "minItems": 2,
            "maxItems": 4,
        },
        {"enum": ["red", "green", "blue"]},
        {
            "type": "object",
            "properties": {"kind": {"const": "person"}, "age": {"type": ["integer", "null"]}},
            "required": ["kind", "age"],
            "additionalProperties": False,
        },
    ],
)
def test_structured_output_follows_its_schema(local: LocalModels, schema: dict[str, Any]) -> None:
    answer = local.chat(
        asked(
            "Describe somebody.", output=OutputFormat("json_schema", schema), max_output=120, temperature=1.0
        )
    )
    assert answer.choices[0].finish.reason == "stop"  # type: ignore[union-attr]
    value = json.loads(text_of(answer))
    if schema.get("type") == "object":
        assert isinstance(value, dict)
        assert set(schema["required"]) <= set(value)
    elif schema.get("type") == "array":
        assert 2 <= len(value) <= 4
        assert all(0 <= item <= 9 for item in value)
    else:
        assert value in schema["enum"]


def test_json_without_a_schema_is_an_object(local: LocalModels) -> None:
    """A model this small may nest for ever; what it brings to an end is an object."""
    request = asked("The capital of France", output=OutputFormat("json"), max_output=60, temperature=0.7)
    answers = [local.chat(msgspec.structs.replace(request, seed=seed)) for seed in range(4)]
    ended = [answer for answer in answers if answer.choices[0].finish.reason == "stop"]  # type: ignore[union-attr]
    assert ended
    assert all(isinstance(json.loads(text_of(answer)), dict) for answer in ended)
    assert all(text_of(answer).startswith("{") for answer in answers)


def test_a_schema_that_cannot_be_enforced_is_refused(local: LocalModels) -> None:
    failure = local.failure(asked("x", output=OutputFormat("json_schema", {"type": "nonsense"})))
    assert failure.kind is FailureKind.unsupported
    assert "nonsense" in failure.message


def test_what_is_not_enforced_of_a_schema_is_said(local: LocalModels) -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"enum": [1]}},
        "required": ["a"],
        "not": {"required": ["b"]},
    }
    loose = local.chat(asked("x", output=OutputFormat("json_schema", schema)))
    assert "not" in str(loose.extensions["local"]["unenforced"])
    strict = local.failure(asked("x", output=OutputFormat("json_schema", schema, strict=True)))
    assert strict.kind is FailureKind.unsupported


def test_forced_calls_are_always_valid(local: LocalModels) -> None:
    """Twenty seeds, hot: whatever the model would rather say, the call fits its schema."""
    parameters = {
        "type": "object",
        "properties": {"to": {"type": "string", "maxLength": 6}, "far": {"type": "boolean"}},
        "required": ["to", "far"],
        "additionalProperties": False,
    }
    forced = asked(
        "Hi",
        tools=(Tool("go", parameters=parameters), CLOCK),
        tool_choice=ToolChoice("tool", "go"),
        temperature=1.5,
        max_output=80,
    )

    def one(seed: int) -> ToolCall:
        answer = local.chat(msgspec.structs.replace(forced, seed=seed))
        assert answer.choices[0].finish.reason == "tool_calls"  # type: ignore[union-attr]
        (call,) = answer.choices[0].parts
        assert isinstance(call, ToolCall)
        return call

    with ThreadPoolExecutor(4) as pool:
        calls = list(pool.map(one, range(20)))
    for call in calls:
        arguments = json.loads(call.arguments)
        assert call.name == "go"
        assert set(arguments) == {"to", "far"}
        assert isinstance(arguments["to"], str)
        assert len(arguments["to"]) <= 6
        assert isinstance(arguments["far"], bool)
    assert len({call.id for call in calls}) == 20


def test_any_tool_may_be_required_and_calls_may_be_parallel(local: LocalModels) -> None:
    request = asked(
        "What is the time?", tools=(WEATHER, CLOCK), tool_choice=ToolChoice("required"), max_output=200
    )
    one = local.chat(request)
    assert len(one.choices[0].parts) == 1
    several = local.chat(msgspec.structs.replace(request, parallel_tool_calls=True))
    calls = [part for part in several.choices[0].parts if isinstance(part, ToolCall)]
    if several.choices[0].finish.reason == "length":  # type: ignore[union-attr]
        calls.pop()  # a model this small repeats itself until it may not
    assert calls
    assert all(isinstance(json.loads(call.arguments), dict) for call in calls)


def test_arguments_arrive_in_pieces(local: LocalModels) -> None:
    call = local.begin(
        asked("Weather in Paris?", tools=(WEATHER,), tool_choice=ToolChoice("required"), max_output=80)
    )
    call.end()
    pieces = [event.text for event in call.events if isinstance(event, PartDelta)]
    assert len(pieces) > 2
    assert all(event.field == "arguments" for event in call.events if isinstance(event, PartDelta))
    assert json.loads("".join(pieces))


def test_a_custom_tool_is_called_with_free_text(local: LocalModels) -> None:
    tool = Tool("note", "Write a note", kind="custom")
    answer = local.chat(asked("Note: milk", tools=(tool,), tool_choice=ToolChoice("required"), max_output=60))
    (call,) = answer.choices[0].parts
    assert isinstance(call, ToolCall)
    assert call.kind == "custom"
    assert not call.arguments.startswith("{")


def test_with_tools_at_hand_the_model_still_talks_and_uses_results(local: LocalModels) -> None:
    conversation = (
        user("What is the weather in Paris?"),
        Message("assistant", (ToolCall("c1", "get_weather", '{"city": "Paris", "unit": "C"}'),)),
        Message("tool", (ToolResult("c1", (Text("Sunny, 21 degrees"),)),)),
    )
    answer = local.chat(asked("", messages=conversation, tools=(WEATHER,), max_output=40))
    assert text_of(answer)
    assert answer.choices[0].finish.reason == "stop"  # type: ignore[union-attr]


def test_what_the_model_cannot_do_is_refused_clearly(local: LocalModels) -> None:
    image = local.failure(asked("", messages=(Message("user", (Image(Media("data", "AAAA")),)),)))
    assert (image.kind, image.param) == (FailureKind.unsupported, "messages[0].content[0]")
    hosted = local.failure(asked("x", tools=(OpaqueTool("any", "web_search", {}),)))
    assert "web_search" in hosted.message
    unknown = local.failure(asked("x", tools=(WEATHER,), tool_choice=ToolChoice("tool", "nope")))
    assert "nope" in unknown.message
    many = local.failure(asked("x", n=1000))
    assert many.param == "n"
    for limit in (0, -1, -(2**62)):
        assert local.failure(asked("x", max_output=limit)).param == "max_tokens"
    for told in (-1, 21, 10**6):
        assert local.failure(asked("x", top_logprobs=told)).param == "top_logprobs"


def test_too_long_an_input_is_refused_with_the_numbers(local: LocalModels) -> None:
    call = local.begin(asked("word " * 9000))
    failure = call.end()
    assert isinstance(failure, Failure)
    assert not call.events, "as if it had never begun: another model can still be asked"
    assert failure.kind is FailureKind.context_exceeded
    assert failure.code == "context_length_exceeded"
    assert "8192" in failure.message
    assert any(number in failure.message for number in map(str, range(9000, 9100)))


def test_far_too_long_an_input_is_not_even_read(local: LocalModels) -> None:
    endless = "word " * 1_000_000
    for failure in (local.failure(asked(endless)), local.failure(asked(endless), "count_tokens")):
        assert failure.kind is FailureKind.context_exceeded
        assert "more than" in failure.message


def test_a_limit_beyond_all_numbers_is_no_limit(local: LocalModels) -> None:
    assert text_of(local.chat(asked("Say yes.", max_output=2**62, stop=(" ",))))


def test_callers_who_go_away_free_the_model(local: LocalModels) -> None:
    calls = [local.begin(asked("Tell me a very long story.", max_output=900)) for _ in range(4)]
    for call in calls:
        call.wait_for_events(2)
        local.cancel(call)
    assert text_of(local.chat(asked("What is the opposite of hot?")))
    assert all(not call.ends for call in calls)


def test_thinking_settings_reach_the_template(local: LocalModels) -> None:
    """The demo template has no use for them, but nothing may break."""
    answer = local.chat(asked("Hi", reasoning=ReasoningSettings(mode="off", effort="low"), max_output=4))
    assert answer.usage.reasoning == 0
