"""Which answers say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import ChatResponse, Choice, Refusal, Text, ToolCall
from counterpoint.gateway.routing.agreement import comparable, groups, largest, said, same, unfenced

LONG = "The museum opens at nine in the morning and closes at six in the evening on every day but Monday"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("42", " 42. "),
        ("42", "42.00"),
        ("$1,234.50", "1234.5"),
        ("-0.50", "-0.5"),
        ("Paris", "**paris**"),
        ("(B)", "B."),
        ('{"a": 1, "b": [true]}', '{"b":[true],"a":1.0}'),
        ('```json\n{"reasoning": "one way", "answer": "18"}\n```', '{"reasoning": "another", "answer": 18}'),
        ('Here it is:\n```json\n{"reasoning": "r", "answer": "18"}\n```', '{"answer": 18}'),
        ('{"reasoning": "he said "no"", "answer": 18.0}', "18"),
        ("First, 9 eggs.\n#### 18", "So \\boxed{18}."),
        ("Let me think. The final answer is 18", "The answer is: **18**."),
        ("La réponse est 7", "7"),
        (LONG + ".", LONG.upper() + "!"),
    ],
)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert same(comparable(one), comparable(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("42", "24"),
        ("42", "-42"),
        ("1.5", "15"),
        ("100", "1"),
        ("A", "B"),
        ('{"a": true}', '{"a": 1}'),
        ('{"answer": "18"}', '{"answer": "19"}'),
        ("First, 9 eggs.\n#### 18", "First, 9 eggs.\n#### 19"),
        (LONG, "The museum is closed on Mondays and has been so for as long as anybody there can remember"),
        ("Yes", LONG),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert not same(comparable(one), comparable(other))


@given(st.text(max_size=200))
def test_whoever_says_it_again_agrees(text: str) -> None:
    assert same(comparable(text), comparable(text))


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_numbers_are_what_they_are_worth(number: int, zeros: int) -> None:
    written = f"{number:,}" + ("." + "0" * zeros if zeros else "")
    assert same(comparable(written), comparable(str(number)))
    assert not same(comparable(written), comparable(str(number + 1)))


@given(st.lists(st.sampled_from(["1", "2", "3", "", LONG]), max_size=8))
def test_every_answer_is_in_one_group(texts: list[str]) -> None:
    found = groups([comparable(text) if text else None for text in texts])
    assert sorted(index for group in found for index in group) == [i for i, text in enumerate(texts) if text]
    assert len(largest(found)) == max((len(group) for group in found), default=0)


def test_tool_calls_agree_by_name_and_arguments() -> None:
    def calling(arguments: str) -> ChatResponse:
        return ChatResponse(choices=(Choice(parts=(Text("Let me see."), ToolCall("x", "find", arguments))),))

    assert said(calling('{"q": "a", "n": 1}')) == said(calling('{"n":1,"q":"a"}'))
    assert said(calling('{"q": "a"}')) != said(calling('{"q": "b"}'))


def test_nothing_to_compare() -> None:
    assert said(ChatResponse()) is None
    assert said(ChatResponse(choices=(Choice(parts=(Text("  "),)),))) is None
    assert said(ChatResponse(choices=(Choice(parts=(Refusal("No."),)),))) is None


def test_only_a_whole_block_is_unfenced() -> None:
    assert unfenced("```json\n[1]\n```") == "[1]\n"
    assert unfenced("```\n[1]```") == "[1]"
    assert unfenced("see ```[1]```") == "see ```[1]```"


def test_hostile_nesting_is_compared_all_the_same() -> None:
    deep = "[" * 900 + "]" * 900
    assert same(comparable(deep), comparable(deep))
