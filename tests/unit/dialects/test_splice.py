"""One field changed, every other byte kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.splice import replace_field, replace_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("model\\u06", max_size=5), inner),
    max_leaves=12,
)


def test_only_the_name_changes() -> None:
    body = b'{ "messages" : [{"role":"user","content":"my \\"model\\""}],\n "model" : "a/b" , "x":1.50}'
    assert replace_text(body, "model", "a/b", "c") == body.replace(b'"a/b"', b'"c"')


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"a","model":"a","x":{"model":"a"}}',
        b'{"tools":[{"model":"a"}],"model":"a"}',
        b'{"mode\\u006c":"a","x":{"model":"a"}}',
        b'{"model":"\\u0061"}',
        b'{"x":"model","model":"a"}',
    ],
)
def test_the_name_at_the_top_and_no_other_changes(body: bytes) -> None:
    wanted = {**json.loads(body), "model": "new"}
    assert json.loads(replace_text(body, "model", "a", "new")) == wanted


@given(
    st.dictionaries(st.text("model\\u06", max_size=5), JSON, max_size=4), st.text(max_size=6), st.booleans()
)
def test_the_meaning_is_that_of_the_changed_object(
    fields: dict[str, Any], old: str, ascii_only: bool
) -> None:
    fields["model"] = old
    body = json.dumps(fields, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert json.loads(replace_text(body, "model", old, "new")) == {**fields, "model": "new"}


def test_a_field_may_be_added() -> None:
    assert replace_field(b'{"a": 1.0}', "b", b"[2]") == b'{"a":1.0,"b":[2]}'


@pytest.mark.parametrize("body", [b"", b"[]", b'{"a":', b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        replace_field(body, "a", b"1")
