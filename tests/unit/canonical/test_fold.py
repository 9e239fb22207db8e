"""A stream folds to the answer that it carried, however its pieces were cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    Audio,
    Citation,
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    Media,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refused,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
    fold,
)
from counterpoint.canonical.usage import UNREPORTED


def pieces(text: str, cuts: list[int]) -> list[str]:
    found, at = [], 0
    for cut in cuts:
        found.append(text[at : at + cut])
        at += cut
    return [*found, text[at:]]


@given(st.text(max_size=40), st.text(max_size=40), st.lists(st.integers(0, 9), max_size=8))
def test_parts_that_grow_in_turn_come_out_whole(text: str, arguments: str, cuts: list[int]) -> None:
    events: list[StreamEvent] = [
        StartEvent("id", "m", 7),
        PartStart(0, 0, Text("")),
        PartStart(0, 1, ToolCall("c", "f")),
    ]
    first, second = pieces(text, cuts), pieces(arguments, cuts[::-1])
    for index in range(max(len(first), len(second))):
        events += [PartDelta(0, 0, item) for item in first[index : index + 1]]
        events += [PartDelta(0, 1, item, "arguments") for item in second[index : index + 1]]
    events += [PartEnd(0, 1), PartEnd(0, 0), FinishEvent(0, Finish("tool_calls", "tool_use"))]
    answer = fold(events)
    assert (answer.id, answer.model, answer.created) == ("id", "m", 7)
    (choice,) = answer.choices
    assert choice.parts == (Text(text), ToolCall("c", "f", arguments))
    assert choice.finish == Finish("tool_calls", "tool_use")


def test_every_field_of_a_part_grows_by_itself() -> None:
    answer = fold(
        [
            PartStart(0, 0, Reasoning()),
            PartDelta(0, 0, "why", "text"),
            PartDelta(0, 0, "si", "signature"),
            PartDelta(0, 0, "gn", "signature"),
            PartStart(0, 1, Audio(Media("data", "AA"))),
            PartDelta(0, 1, "BB", "data"),
            PartDelta(0, 1, "word", "transcript"),
        ]
    )
    thought, sound = answer.choices[0].parts
    assert thought == Reasoning("why", "sign")
    assert sound == Audio(Media("data", "AABB"), "word")


def test_citations_and_logprobs_are_gathered() -> None:
    answer = fold(
        [
            PartStart(0, 0, Text("")),
            PartDelta(0, 0, "a", logprobs=[{"token": "a"}]),
            PartDelta(0, 0, citation=Citation("quoted")),
            PartDelta(0, 0, "b", logprobs=[{"token": "b"}]),
        ]
    )
    assert answer.choices[0].parts == (Text("ab", (Citation("quoted"),)),)
    assert answer.choices[0].logprobs == {"content": [{"token": "a"}, {"token": "b"}]}


def test_choices_are_kept_apart_and_the_last_usage_counts() -> None:
    answer = fold(
        [
            PartStart(1, 0, Text("second")),
            UsageEvent(Usage(output=1)),
            PartStart(0, 0, Text("first")),
            UsageEvent(Usage(output=2)),
        ]
    )
    assert [choice.parts for choice in answer.choices] == [(Text("first"),), (Text("second"),)]
    assert answer.usage == Usage(output=2)
    assert fold([]).usage == UNREPORTED


def test_a_stream_that_failed_has_no_answer() -> None:
    failure = Failure(FailureKind.overloaded, "too much")
    with pytest.raises(Refused) as refused:
        fold([PartStart(0, 0, Text("half")), ErrorEvent(failure)])
    assert refused.value.failure is failure
