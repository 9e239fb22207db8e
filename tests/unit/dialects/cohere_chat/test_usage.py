"""What is billed becomes the classes, and each reason to end has a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Finish, Usage
from counterpoint.dialects.cohere_chat.usage import decode_finish, decode_usage, encode_finish, encode_usage

COUNTS = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("raw", "usage"),
    [
        (
            {
                "billed_units": {"input_tokens": 44, "output_tokens": 50},
                "tokens": {"input_tokens": 1430, "output_tokens": 55, "reasoning_tokens": 38},
                "cached_tokens": 1392,
            },
            Usage(input=44, output=12, reasoning=38),
        ),
        ({"billed_units": {"input_tokens": 3.0, "output_tokens": 2.0}}, Usage(input=3, output=2)),
        ({"tokens": {"input_tokens": 9, "output_tokens": 4}}, Usage(input=9, output=4)),
        ({"billed_units": {"output_tokens": 4}, "tokens": {"reasoning_tokens": 9}}, Usage(reasoning=4)),
        ({}, Usage(reported=False)),
        (None, Usage(reported=False)),
        ({"billed_units": {"input_tokens": -3, "output_tokens": "x"}}, Usage()),
    ],
)
def test_what_is_billed_counts(raw: object, usage: Usage) -> None:
    assert decode_usage(raw) == usage


@given(st.builds(Usage, input=COUNTS, output=COUNTS, reasoning=COUNTS))
def test_counts_survive(usage: Usage) -> None:
    assert decode_usage(encode_usage(usage)) == usage


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("COMPLETE", "stop"),
        ("STOP_SEQUENCE", "stop"),
        ("MAX_TOKENS", "length"),
        ("TOOL_CALL", "tool_calls"),
        ("ERROR", "error"),
        ("NEW_WORD", "other"),
    ],
)
def test_a_reason_has_our_word_and_keeps_its_own(raw: str, reason: str) -> None:
    finish = decode_finish(raw)
    assert finish is not None
    assert (finish.reason, encode_finish(finish, own=True)) == (reason, raw)


def test_reasons_of_others_have_a_word_here() -> None:
    assert decode_finish(None) is None
    assert encode_finish(None, own=False) == "COMPLETE"
    assert encode_finish(Finish("length", "max_tokens"), own=False) == "MAX_TOKENS"
    assert encode_finish(Finish("stop", "stop_sequence", "END"), own=False) == "STOP_SEQUENCE"
