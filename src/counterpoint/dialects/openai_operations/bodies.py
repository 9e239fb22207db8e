"""Request bodies of either kind, JSON or a form: the few fields that are read, the one that is exchanged."""

from typing import Any

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.jsonio import Fields, decode_object, refusal
from counterpoint.dialects.splice import replace_text
from counterpoint.i18n import say
from counterpoint.wire.multipart import FormError, FormPart, boundary_of, form_parts, form_text, with_text


class _Asked(msgspec.Struct):
    model: str | None = None
    stream: bool | None = None


_decode = msgspec.json.Decoder(_Asked).decode


def peek(body: bytes, media_type: str, usual: str | None = None) -> Peek:
    """Model and stream. `usual`: the model that is meant where none is named. Raises `Refused`."""
    form = _form(body, media_type)
    if form is not None:
        model = form_text(body, form[1], "model")
        stream = form_text(body, form[1], "stream") in ("true", "True", "1")
    else:
        asked = _asked(body)
        model, stream = asked.model, bool(asked.stream)
    if model is None and usual is None:
        raise refusal("dialects.field.missing", "model", code="missing_required_parameter", path="model")
    if model == "":
        raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
    return Peek(model or usual or "", stream)


def _asked(body: bytes) -> _Asked:
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        fields = Fields(decode_object(body))  # the slow way tells what is wrong
        return _Asked(fields.text("model"), fields.boolean("stream"))


def rewrite(body: bytes, media_type: str, asked: Peek, target: Target) -> bytes:
    """`body` with the target's model name where it differs; every other byte is kept."""
    if not target.model or target.model == asked.model:
        return body
    form = _form(body, media_type)
    if form is None:
        return replace_text(body, "model", asked.model, target.model)
    return with_text(body, *form, "model", target.model)


def texts(body: bytes, media_type: str, *names: str) -> dict[str, str]:
    """Fields of a request that has been peeked at, as text; those that are not there, or no text, are left out."""
    form = _form(body, media_type)
    if form is not None:
        found: dict[str, Any] = {name: form_text(body, form[1], name) for name in names}
    else:
        fields = decode_object(body)
        found = {name: fields.get(name) for name in names}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _form(body: bytes, media_type: str) -> tuple[bytes, list[FormPart]] | None:
    """The boundary and the fields of a form; `None`: it is none, so it is JSON. Raises `Refused`."""
    if not media_type.lower().startswith("multipart/"):
        return None
    boundary = boundary_of(media_type)
    if boundary is None:
        raise _malformed(say("dialects.form.no_boundary", lang="en"))
    try:
        return boundary, form_parts(body, boundary)
    except FormError as error:
        raise _malformed(str(error)) from error


def _malformed(reason: str) -> Refused:
    message = say("dialects.form.malformed", lang="en", reason=reason)
    return Refused(Failure(FailureKind.bad_request, message, code="invalid_form"))
