"""Why an answer ended, in both vocabularies."""

from typing import Any

import pytest

from counterpoint.canonical import Finish, FinishReason
from counterpoint.dialects.gemini_generate.finishing import BLOCKED, decode_finish, encode_finish, reason_in


@pytest.mark.parametrize(
    ("raw", "called", "reason"),
    [
        ("STOP", False, "stop"),
        ("STOP", True, "tool_calls"),
        ("MAX_TOKENS", True, "length"),
        ("SAFETY", False, "content_filter"),
        ("RECITATION", False, "content_filter"),
        ("MALFORMED_FUNCTION_CALL", False, "error"),
        ("SOMETHING_NEW", False, "other"),
        (BLOCKED, False, "content_filter"),
    ],
)
def test_a_word_is_read(raw: str, called: bool, reason: FinishReason) -> None:
    assert decode_finish(raw, called=called) == Finish(reason, raw)


@pytest.mark.parametrize("raw", [None, "FINISH_REASON_UNSPECIFIED"])
def test_an_answer_goes_on(raw: str | None) -> None:
    assert decode_finish(raw, called=False) is None


@pytest.mark.parametrize(
    ("value", "word"),
    [("STOP", "STOP"), (1, "STOP"), (2, "MAX_TOKENS"), (9, "OTHER"), (0, None), (None, None)],
)
def test_a_number_stands_for_a_word(value: Any, word: str | None) -> None:
    assert reason_in(value) == word


@pytest.mark.parametrize(
    ("finish", "own", "word"),
    [
        (None, False, None),
        (Finish("tool_calls", "tool_use"), False, "STOP"),
        (Finish("length", "length"), False, "MAX_TOKENS"),
        (Finish("refusal", "refusal"), False, "SAFETY"),
        (Finish("other", "SOMETHING_NEW"), True, "SOMETHING_NEW"),
        (Finish("other", "SOMETHING_NEW"), False, "OTHER"),
    ],
)
def test_a_word_is_said(finish: Finish | None, own: bool, word: str | None) -> None:
    assert encode_finish(finish, own=own) == word
