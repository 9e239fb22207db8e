"""Why an answer ended, in both vocabularies."""

import pytest

from counterpoint.canonical import Finish
from counterpoint.dialects.openai_chat.finishing import finish_from, finish_reason, inferred_finish


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("content_filter", "content_filter"),
        ("model_length", "length"),
        ("insufficient_system_resource", "error"),
        ("abort", "other"),
    ],
)
def test_words_become_reasons(raw: str, reason: str) -> None:
    finish = finish_from(raw)
    assert finish is not None
    assert (finish.reason, finish.raw) == (reason, raw)


@pytest.mark.parametrize("raw", [None, "", 3, {}])
def test_no_word_is_no_finish(raw: object) -> None:
    assert finish_from(raw) is None


def test_a_matched_stop_sequence_is_kept_and_a_token_is_not() -> None:
    assert finish_from("stop", "END") == Finish("stop", "stop", "END")
    assert finish_from("stop", 154827) == Finish("stop", "stop")


@pytest.mark.parametrize(
    ("finish", "own", "word"),
    [
        (Finish("stop", "end_turn"), False, "stop"),
        (Finish("length", "max_tokens"), False, "length"),
        (Finish("tool_calls", "tool_use"), False, "tool_calls"),
        (Finish("refusal", "refusal"), False, "content_filter"),
        (Finish("pause", "pause_turn"), False, "stop"),
        (Finish("other", "abort"), False, "stop"),
        (Finish("other", "abort"), True, "abort"),
        (Finish("tool_calls", "function_call"), False, "function_call"),
        (None, False, None),
    ],
)
def test_reasons_become_words(finish: Finish | None, own: bool, word: str | None) -> None:
    assert finish_reason(finish, own=own) == word


def test_an_answer_without_reason_has_one_from_what_it_is() -> None:
    assert inferred_finish(called=True).reason == "tool_calls"
    assert inferred_finish(called=False).reason == "stop"
