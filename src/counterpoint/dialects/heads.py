"""What most requests say first: which model, and whether to stream. Read and rewritten without a look at the rest."""

import msgspec

from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.jsonio import Fields, decode_object, malformed
from counterpoint.dialects.splice import replace_text


class _Head(msgspec.Struct):
    model: str
    stream: bool | None = None


_head = msgspec.json.Decoder(_Head).decode


def peek(body: bytes) -> Peek:
    """Raises `Refused` when `body` is not a JSON object with a model name and a sensible `stream`."""
    try:
        head = _head(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fields = Fields(decode_object(body))
        fields.needed("model", fields.text)
        fields.boolean("stream")
        raise malformed(error) from error
    return Peek(head.model, head.stream is True)


def peek_model(body: bytes) -> Peek:
    """The same of a request whose answer always comes whole."""
    return Peek(peek(body).model)


def rewrite(body: bytes, peek: Peek, target: Target) -> bytes:
    """`body` with the target's name for the model."""
    if peek.model == target.model:
        return body
    return replace_text(body, "model", peek.model, target.model)
