"""Why answers end."""

import pytest

from counterpoint.canonical import Finish
from counterpoint.dialects.ollama.finishing import decode_finish, encode_finish


@pytest.mark.parametrize(
    ("raw", "called", "reason"),
    [
        ("stop", False, "stop"),
        ("stop", True, "tool_calls"),
        (None, False, "stop"),
        ("length", True, "length"),
    ],
)
def test_reasons_are_understood(raw: str | None, called: bool, reason: str) -> None:
    assert decode_finish(raw, called=called) == Finish(reason, raw)  # type: ignore[arg-type]


def test_reasons_are_said() -> None:
    assert decode_finish("load", called=False).reason == "other"
    assert encode_finish(Finish("other", "load"), own=True) == "load"
    assert encode_finish(Finish("tool_calls", "tool_use"), own=False) == "stop"
    assert encode_finish(Finish("length", "max_tokens"), own=False) == "length"
    assert encode_finish(None, own=False) == "stop"
