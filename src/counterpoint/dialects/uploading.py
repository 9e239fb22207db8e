"""A file that comes as a form: which part it is, and the short fields beside it."""

from collections.abc import Mapping

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.jsonio import refusal
from counterpoint.dialects.shelving import Upload
from counterpoint.i18n import say
from counterpoint.wire.multipart import FormError, boundary_of, form_parts


def uploaded(body: bytes, media_type: str) -> tuple[Upload, dict[str, str]]:
    """The file, its purpose still empty, and the other fields. Raises `Refused`."""
    boundary = boundary_of(media_type)
    if boundary is None:
        raise _malformed(say("dialects.form.no_boundary", lang="en"))
    try:
        parts = form_parts(body, boundary)
    except FormError as error:
        raise _malformed(str(error)) from error
    file = next((part for part in parts if part.name == "file" and part.filename is not None), None)
    if file is None:
        raise refusal("dialects.field.missing", "file", code="missing_required_parameter", path="file")
    fields = {
        part.name: body[part.start : part.end].decode("utf-8", "replace")
        for part in parts
        if part.filename is None
    }
    kind = file.media_type or "application/octet-stream"
    return Upload((file.filename or "file")[:500], kind[:200], "", file.start, file.end), fields


def bracketed(fields: Mapping[str, str], name: str, key: str) -> int | None:
    """The whole number in the field `name[key]`, as forms write what JSON nests."""
    value = fields.get(f"{name}[{key}]")
    return int(value) if value is not None and value.isdecimal() and len(value) < 12 else None


def _malformed(reason: str) -> Refused:
    message = say("dialects.form.malformed", lang="en", reason=reason)
    return Refused(Failure(FailureKind.bad_request, message, code="invalid_form"))
