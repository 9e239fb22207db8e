"""What a start tells is not to be found in a log by accident."""

from counterpoint.app.telling import Ready


def test_the_key_and_the_link_are_not_in_its_representation() -> None:
    ready = Ready("http://g", "http://s", "http://s/sign-in?token=t0ken", "cp-secret", ("m",), "1")
    assert "secret" not in repr(ready)
    assert "t0ken" not in f"{ready}"
