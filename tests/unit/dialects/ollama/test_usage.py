"""Counts of tokens."""

from counterpoint.canonical import Usage
from counterpoint.dialects.ollama.usage import decode_usage, encode_usage


def test_counts_are_understood_and_said() -> None:
    assert decode_usage({"prompt_eval_count": 3, "eval_count": 4}) == Usage(input=3, output=4)
    assert decode_usage({"eval_count": 4}) == Usage(output=4)
    assert not decode_usage({"eval_count": "x"}).reported
    assert decode_usage({"eval_count": -4}) == Usage()
    whole = Usage(input=1, cache_read=2, output=3, reasoning=4)
    assert encode_usage(whole) == {"prompt_eval_count": 3, "eval_count": 7}
    assert encode_usage(Usage(reported=False)) == {}
