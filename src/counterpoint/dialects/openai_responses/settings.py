"""What the answer must look like and how much to think: `text` and `reasoning`."""

from typing import Any

from counterpoint.canonical import OutputFormat, ReasoningSettings
from counterpoint.dialects.extensions import extras, fields_of, spelling
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.openai_chat.parts import nested, unnested
from counterpoint.dialects.openai_responses.names import NAME, REASONING, TEXT

Json = dict[str, Any]
_KINDS: dict[str, Any] = {"text": "text", "json_object": "json", "json_schema": "json_schema"}
_TYPES = {kind: name for name, kind in _KINDS.items()}


def decode_text(fields: Fields, marks: Json) -> OutputFormat | None:
    """`text.format`; what else `text` says stays an extension, each field under its path."""
    inner = fields.inner(TEXT)
    if inner is None:
        return None
    if not inner.left:
        marks[TEXT] = {}
    output = _decode_format(inner)
    fields.left.update(nested(Fields({}), TEXT, inner))
    return output


def _decode_format(holder: Fields) -> OutputFormat | None:
    """A format that the hub has no word for stays where it was."""
    value = holder.object("format")
    if value is None:
        return None
    form = Fields(value, holder.at("format"))
    kind = _KINDS.get(form.text("type") or "")
    if kind is None:
        holder.left["format"] = value
        return None
    if kind != "json_schema":
        return OutputFormat(kind, extensions=extras(NAME, form.left))
    return OutputFormat(
        kind,
        form.object("schema"),
        form.text("name"),
        form.text("description"),
        form.boolean("strict"),
        extras(NAME, form.left),
    )


def encode_text(output: OutputFormat | None, rest: Json, how: Any) -> tuple[Json | None, Json]:
    """`text`, if there is any, and the request's other fields. `how`: an object that said nothing."""
    outer, inner = unnested(rest, TEXT)
    if output is not None:
        inner = {"format": _encode_format(output), **inner}
    return (inner if inner or how is not None else None), outer


def _encode_format(output: OutputFormat) -> Json:
    body: Json = {"type": _TYPES[output.kind]}
    if output.kind == "json_schema":
        for name in ("name", "description", "schema", "strict"):
            value = getattr(output, name)
            if value is not None:
                body[name] = value
    return {**fields_of(output.extensions, NAME), **body}


def decode_reasoning(fields: Fields, marks: Json) -> ReasoningSettings | None:
    """`reasoning`, with what shall be shown of it."""
    value = fields.object(REASONING)
    if value is None:
        return None
    if not any(item is not None for item in value.values()):
        marks[REASONING] = value
        return None
    said = Fields(value, REASONING)
    effort = said.text("effort")
    shown = said.left.get("summary") or said.left.get("generate_summary")
    return ReasoningSettings(
        mode="off" if effort == "none" else None,
        effort=effort,
        display="summarized" if shown else None,
        extensions=extras(NAME, {"~" + REASONING: value}),
    )


def encode_reasoning(settings: ReasoningSettings | None, how: Any) -> Json | None:
    """`reasoning`, as it was written, or from what another dialect says."""
    if settings is None:
        return how if type(how) is dict else None
    written = spelling(settings.extensions, NAME, REASONING)
    if type(written) is dict:
        return written
    body: Json = {}
    if settings.effort is not None:
        body["effort"] = settings.effort
    if settings.display == "summarized":
        body["summary"] = "auto"
    return body or None
