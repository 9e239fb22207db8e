"""Parts: what a message is made of.

Every part has `extensions`, a mapping from dialect name to the fields of that dialect for which the hub
has no word. The same dialect's encoder puts them back; any other encoder declares them as losses.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Extensions = Mapping[str, Mapping[str, Any]]
NO_EXTENSIONS: Extensions = {}


class Media(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where bytes come from. `kind` `url`: `value` is a URL. `data`: `value` is base64. `file`: `value` is
    an id at the host. `text`: `value` is plain text (documents only). `media_type` as in HTTP."""

    kind: Literal["url", "data", "file", "text"]
    value: str
    media_type: str | None = None
    filename: str | None = None


class Citation(msgspec.Struct, frozen=True, omit_defaults=True, tag="citation", tag_field="type"):
    """A span of a source that supports a text part. Character offsets are code points into the text;
    `start`/`end` lie in the *cited source* when `document` is set, else in the answer."""

    quote: str | None = None
    url: str | None = None
    title: str | None = None
    document: int | None = None
    start: int | None = None
    end: int | None = None
    extensions: Extensions = NO_EXTENSIONS


class Text(msgspec.Struct, frozen=True, omit_defaults=True, tag="text", tag_field="type"):
    """Plain text, with the citations that support it."""

    text: str
    citations: tuple[Citation, ...] = ()
    extensions: Extensions = NO_EXTENSIONS


class Reasoning(msgspec.Struct, frozen=True, omit_defaults=True, tag="reasoning", tag_field="type"):
    """Thinking shown by the model. `signature` lets its maker verify it when it comes back; `encrypted` is
    thinking that only the maker can read. Both are opaque and only valid at the maker that issued them."""

    text: str = ""
    signature: str | None = None
    encrypted: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class ToolCall(msgspec.Struct, frozen=True, omit_defaults=True, tag="tool_call", tag_field="type"):
    """The model asks for a tool. `arguments` is the JSON text exactly as the model wrote it (it may be
    invalid: that is for the client to see), or free text when `kind` is `custom`."""

    id: str
    name: str
    arguments: str = ""
    kind: Literal["function", "custom"] = "function"
    extensions: Extensions = NO_EXTENSIONS


class Image(msgspec.Struct, frozen=True, omit_defaults=True, tag="image", tag_field="type"):
    """A picture; `detail` is `low`, `high` or `auto` where the caller said so."""

    source: Media
    detail: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class Audio(msgspec.Struct, frozen=True, omit_defaults=True, tag="audio", tag_field="type"):
    """Sound, spoken by either side. `transcript` where the provider gave one; `id` names an answer's audio
    so that a later turn may refer to it."""

    source: Media | None = None
    transcript: str | None = None
    id: str | None = None
    extensions: Extensions = NO_EXTENSIONS


class Video(msgspec.Struct, frozen=True, omit_defaults=True, tag="video", tag_field="type"):
    """Moving pictures."""

    source: Media
    extensions: Extensions = NO_EXTENSIONS


class Document(msgspec.Struct, frozen=True, omit_defaults=True, tag="document", tag_field="type"):
    """A file to read: PDF, text, or other; `title` and `context` as the caller gave them. `cite` asks for
    citations into it."""

    source: Media
    title: str | None = None
    context: str | None = None
    cite: bool = False
    extensions: Extensions = NO_EXTENSIONS


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True, tag="refusal", tag_field="type"):
    """The model declines, in its own words."""

    text: str
    extensions: Extensions = NO_EXTENSIONS


class Opaque(msgspec.Struct, frozen=True, omit_defaults=True, tag="opaque", tag_field="type"):
    """A part that only `dialect` has a word for (a server tool's call or result, say), kept whole."""

    dialect: str
    kind: str
    value: Any


class ToolResult(msgspec.Struct, frozen=True, omit_defaults=True, tag="tool_result", tag_field="type"):
    """What a tool answered. `parts` may hold text, images, documents, opaque parts."""

    call_id: str
    parts: tuple["Part", ...] = ()
    is_error: bool = False
    extensions: Extensions = NO_EXTENSIONS


Part = (
    Text | Reasoning | ToolCall | ToolResult | Image | Audio | Video | Document | Citation | Refusal | Opaque
)
