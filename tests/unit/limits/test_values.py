"""What a limit says of itself."""

from counterpoint.limits import Limit


def test_minutes_and_hours_slide_and_nothing_else_does() -> None:
    slides = {
        per: Limit("l", "key", "k", "tokens", 1, per).slides for per in ("minute", "hour", "day", "total")
    }
    assert slides == {"minute": True, "hour": True, "day": False, "total": False}
