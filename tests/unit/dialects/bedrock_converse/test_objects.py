"""What nobody asked for comes back to its place."""

from counterpoint.dialects.bedrock_converse.objects import left_in, put_back, rest, spelled
from counterpoint.dialects.jsonio import Fields


def test_unknown_fields_are_kept_and_put_back() -> None:
    fields = Fields({"text": "a", "new": {"x": 1}})
    fields.text("text")
    kept = rest(fields, how="odd", none=None)
    assert put_back(kept) == {"new": {"x": 1}}
    assert spelled(kept, "how") == "odd"
    assert spelled({}, "how") is None
    assert put_back({}) == {}


def test_what_is_left_of_an_inner_object_stays_in_it() -> None:
    fields = Fields({"outer": {"a": 1, "b": 2}})
    inner = fields.needed("outer", fields.inner)
    inner.integer("a")
    left_in(fields, "outer", inner)
    assert fields.left == {"outer": {"b": 2}}
