"""Model and stream, read and rewritten without a look at the rest."""

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.heads import peek, rewrite


def test_the_head_is_read() -> None:
    assert peek(b'{"x": [1, {"y": 2}], "model": "m"}') == Peek("m")
    assert peek(b'{"stream": true, "model": "m"}') == Peek("m", stream=True)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"", None),
        (b"[]", None),
        (b"{}", "model"),
        (b'{"model": 3}', "model"),
        (b'{"model": "m", "stream": 3}', "stream"),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, param: str | None) -> None:
    with pytest.raises(Refused) as refused:
        peek(body)
    assert refused.value.failure.param == param


def test_only_the_model_changes() -> None:
    body = b'{ "a" : 1.0, "model" : "m" }'
    assert rewrite(body, Peek("m"), Target("m")) is body
    assert rewrite(body, Peek("m"), Target("other")) == b'{ "a" : 1.0, "model" : "other" }'
