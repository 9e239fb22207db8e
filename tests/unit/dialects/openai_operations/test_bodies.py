"""Bodies of both kinds: what is read of them, and the one field that is exchanged."""

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.openai_operations.bodies import peek, rewrite, texts

JSON = "application/json"
FORM = "multipart/form-data; boundary=b"
BODY = (
    b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n'
    b'--b\r\nContent-Disposition: form-data; name="stream"\r\n\r\ntrue\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\x00\xff\r\n--b--\r\n'
)


def test_model_and_stream_are_read() -> None:
    assert peek(b'{"model":"m","stream":true,"x":[1]}', JSON) == Peek("m", stream=True)
    assert peek(BODY, FORM) == Peek("whisper-1", stream=True)
    assert peek(b"{}", JSON, "usual").model == "usual"


@pytest.mark.parametrize(
    ("body", "kind", "param"),
    [
        (b"{}", JSON, "model"),
        (b'{"model":""}', JSON, "model"),
        (b'{"model":3}', JSON, "model"),
        (b'{"model":"m","stream":"yes"}', JSON, "stream"),
        (b"[]", JSON, None),
        (b"\xff", JSON, None),
        (b"[" * 5000, "", None),
        (BODY, "multipart/form-data", None),
        (BODY[:-8], FORM, None),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, kind: str, param: str | None) -> None:
    with pytest.raises(Refused) as raised:
        peek(body, kind)
    assert raised.value.failure.param == param


def test_the_models_name_alone_is_exchanged() -> None:
    assert rewrite(BODY, FORM, Peek("whisper-1"), Target("other")) == BODY.replace(b"whisper-1", b"other")
    asked = b'{"model" : "m", "n":1.0}'
    assert rewrite(asked, JSON, Peek("m"), Target("other")) == b'{"model" : "other", "n":1.0}'
    assert rewrite(asked, JSON, Peek("m"), Target("m")) is asked
    assert rewrite(b'{"n":1}', JSON, Peek("usual"), Target("usual")) == b'{"n":1}'


def test_fields_that_are_texts() -> None:
    assert texts(b'{"size":"1x1","n":2}', JSON, "size", "n", "quality") == {"size": "1x1"}
    assert texts(BODY, FORM, "stream", "file") == {"stream": "true"}
