"""Probabilities in both forms."""

from counterpoint.dialects.openai_completions.logprobs import decode_logprobs, encode_logprobs
from tests.unit.dialects.openai_completions.bodies import LOGPROBS


def test_they_come_back_as_they_came() -> None:
    entries = decode_logprobs(LOGPROBS)
    assert entries is not None
    assert (entries[0]["token"], entries[0]["logprob"]) == ("Hi", -0.1)
    assert [other["token"] for other in entries[0]["top_logprobs"]] == ["Hi", "Ho"]
    assert encode_logprobs(entries, 4) == LOGPROBS


def test_what_cannot_be_read_is_none() -> None:
    assert decode_logprobs(None) is None
    assert decode_logprobs({"tokens": 5}) is None
    assert encode_logprobs(None) is None
    entries = decode_logprobs({"tokens": ["a"], "token_logprobs": [], "top_logprobs": [None]})
    assert entries is not None
    assert (entries[0]["logprob"], entries[0]["top_logprobs"]) == (None, [])
