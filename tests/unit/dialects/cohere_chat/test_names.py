"""What nobody asked for stays, and goes back under its own name."""

from counterpoint.dialects.cohere_chat.names import NAME, put_back, rest, spelled
from counterpoint.dialects.jsonio import Fields


def test_a_field_goes_back_and_a_spelling_does_not() -> None:
    kept = rest(Fields({"safety_mode": "OFF", "~odd": 1}), stop="empty", unused=None)
    assert put_back(kept) == {"safety_mode": "OFF", "~odd": 1}
    assert spelled(kept, "stop") == "empty"
    assert spelled(kept, "unused") is None
    assert list(kept) == [NAME]
