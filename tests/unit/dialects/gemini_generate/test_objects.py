"""What is left of an object goes back where it was."""

from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.objects import put_back, rest, spelled
from counterpoint.dialects.jsonio import Fields


def test_the_rest_comes_back() -> None:
    fields = Fields({"a": 1, "b": None, "c": "x"})
    fields.text("c")
    extensions = rest(fields, written="long", absent=None)
    assert extensions == {NAME: {"a": 1, "b": None, "~written": "long"}}
    assert put_back(extensions) == {"a": 1, "b": None}
    assert spelled(extensions, "written") == "long"
    assert spelled(extensions, "absent") is None


def test_nothing_is_left() -> None:
    assert rest(Fields({})) == {}
    assert put_back({}) == {}
    assert spelled({}, "x") is None
