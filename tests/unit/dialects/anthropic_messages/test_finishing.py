"""Reasons to stop, there and back."""

import pytest

from counterpoint.canonical import Finish, ToolCall
from counterpoint.dialects.anthropic_messages.finishing import decode_finish, encode_finish


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("pause_turn", "pause"),
        ("refusal", "refusal"),
    ],
)
def test_a_word_of_this_dialect_comes_back(word: str, reason: str) -> None:
    finish = decode_finish(word, None)
    assert finish is not None
    assert finish.reason == reason
    assert encode_finish(finish, ()) == word


def test_a_word_of_the_future_is_kept() -> None:
    assert decode_finish("paused_for_tea", None) == Finish("other", "paused_for_tea")
    assert decode_finish(None, None) is None


@pytest.mark.parametrize(
    ("finish", "word"),
    [
        (Finish("stop", "stop"), "end_turn"),
        (Finish("stop", "stop", "END"), "stop_sequence"),
        (Finish("length", "length"), "max_tokens"),
        (Finish("tool_calls", "tool_calls"), "tool_use"),
        (Finish("content_filter", "content_filter"), "refusal"),
        (Finish("other", "eos"), "end_turn"),
        (None, "end_turn"),
    ],
)
def test_other_dialects_reasons_get_the_nearest_word(finish: Finish | None, word: str) -> None:
    assert encode_finish(finish, ()) == word


def test_an_answer_with_calls_waits_for_results_whatever_its_host_said() -> None:
    assert encode_finish(Finish("stop", "stop"), [ToolCall("i", "f")]) == "tool_use"
