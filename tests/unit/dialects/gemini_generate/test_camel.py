"""Two spellings of a field are one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.gemini_generate.camel import camel


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"generation_config": {"top_k": 1}}, {"generationConfig": {"topK": 1}}),
        ([{"file_data": {"file_uri": "a_b"}}], [{"fileData": {"fileUri": "a_b"}}]),
        ({"function_call": {"args": {"a_b": 1}}}, {"functionCall": {"args": {"a_b": 1}}}),
        ({"response_schema": {"properties": {"a_b": {}}}}, {"responseSchema": {"properties": {"a_b": {}}}}),
        ({"top_k": 1, "topK": 2}, {"top_k": 1, "topK": 2}),
        ({"_private": 1, "~a_b": 2}, {"_private": 1, "~a_b": 2}),
        (3, 3),
    ],
)
def test_a_field_has_one_name(written: Any, read: Any) -> None:
    assert camel(written) == read


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab_Z", max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(JSON)
def test_what_has_one_spelling_keeps_it(value: Any) -> None:
    once = camel(value)
    assert camel(once) == once
