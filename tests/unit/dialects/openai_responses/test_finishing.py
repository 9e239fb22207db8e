"""Why an answer ended, in both vocabularies."""

from typing import Any

import pytest

from counterpoint.canonical import Finish, FinishReason, Text, ToolCall
from counterpoint.dialects.openai_responses.finishing import INEXACT, ended, finish_from, has_calls


@pytest.mark.parametrize(
    ("status", "details", "called", "reason", "raw"),
    [
        ("completed", None, False, "stop", "completed"),
        ("completed", None, True, "tool_calls", "completed"),
        ("incomplete", {"reason": "max_output_tokens"}, False, "length", "max_output_tokens"),
        ("incomplete", {"reason": "content_filter"}, True, "content_filter", "content_filter"),
        ("incomplete", {"reason": "steered"}, False, "other", "steered"),
        ("incomplete", None, False, "other", "incomplete"),
        ("queued", None, False, "pause", "queued"),
        ("cancelled", None, False, "other", "cancelled"),
        (None, None, False, "stop", None),
    ],
)
def test_a_status_has_a_word(status: Any, details: Any, called: bool, reason: str, raw: Any) -> None:
    assert finish_from(status, details, called=called) == Finish(reason, raw)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "word"),
    [("stop", None), ("tool_calls", None), ("length", "max_output_tokens"), ("refusal", "content_filter")],
)
def test_a_word_has_a_status(reason: FinishReason, word: str | None) -> None:
    state = ended(Finish(reason))
    assert state["status"] == ("incomplete" if word else "completed")
    assert state["incomplete_details"] == ({"reason": word} if word else None)
    assert ended(None)["status"] == "completed"


def test_what_has_no_word_is_known() -> None:
    assert {"pause", "error", "other"} <= INEXACT
    assert has_calls((Text("a"), ToolCall("c", "f")))
    assert not has_calls((Text("a"),))
