"""Token classes are disjoint, so their sums are sums."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage

BESIDE = ("reported", "web_searches", "images", "audio_seconds", "characters", "search_units")
COUNTS = [name for name in Usage.__struct_fields__ if name not in BESIDE]


@given(st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 10**9)))
def test_every_token_is_counted_once_on_its_side(counts: dict[str, int]) -> None:
    usage = msgspec.convert(counts, Usage)
    assert usage.input_total + usage.output_total == sum(counts.values())
    assert msgspec.json.decode(msgspec.json.encode(usage), type=Usage) == usage
