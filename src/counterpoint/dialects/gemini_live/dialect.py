"""The dialect as the gateway sees it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from counterpoint.canonical import Usage
from counterpoint.dialects.conversing import Listener, Turn
from counterpoint.dialects.gemini_live.listening import Listening
from counterpoint.dialects.jsonio import Fields, decode_object, encode

_SERVICE = "/ws/google.ai.generativelanguage.{}.GenerativeService.BidiGenerateContent"


class _Message(msgspec.Struct):
    usageMetadata: Any = None  # noqa: N815 - the API's own name
    serverContent: Any = None  # noqa: N815 - the same


_decode = msgspec.json.Decoder(_Message).decode


class GeminiLive:
    """Speech, pictures and text, both ways at once."""

    name = "gemini-live"
    family = "gemini-generate"
    paths = tuple(_SERVICE.format(version) for version in ("v1beta", "v1alpha", "v1"))
    forwarded: tuple[str, ...] = ()
    rooted = True

    def key(self, _headers: Mapping[bytes, bytes], query: str) -> str | None:
        """`?key=`."""
        return dict(parse_qsl(query)).get("key")

    def protocols(self, offered: str) -> str:
        """As they are."""
        return offered

    def model(self, _query: str) -> str | None:
        """The first message says it."""
        return None

    def query(self, query: str, _model: str) -> str:
        """Without our key."""
        return urlencode([(name, value) for name, value in parse_qsl(query) if name != "key"])

    def first(self, message: bytes) -> str:
        """`setup.model`, without the collection that it is in."""
        fields = Fields(decode_object(message))
        setup = fields.needed("setup", fields.inner)
        return setup.needed("model", setup.text).rpartition("models/")[2]

    def renamed(self, message: bytes, model: str) -> bytes:
        """With the host's name; a collection is written before it as it was."""
        body = decode_object(message)
        before, found, _ = body["setup"]["model"].rpartition("models/")
        body["setup"]["model"] = f"{before}{found or 'models/'}{model}"
        return encode(body)

    def answering(self, message: bytes) -> bool:
        """A part of the model's turn."""
        if message.find(b'"modelTurn"') < 0:
            return False
        try:
            content = _decode(message).serverContent
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
        return isinstance(content, dict) and "modelTurn" in content

    def turn(self, message: bytes) -> Turn | None:
        """A message with `usageMetadata`."""
        if message.find(b'"usageMetadata"') < 0:
            return None
        try:
            read = _decode(message).usageMetadata
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        return Turn(usage_from(read)) if isinstance(read, dict) else None

    def listener(self) -> Listener:
        """For a session that begins."""
        return Listening()


def usage_from(body: dict[str, Any]) -> Usage:
    """Disjoint classes, by modality where it is told."""
    heard = _modalities(body, "promptTokensDetails")
    said = _modalities(body, "responseTokensDetails") or _modalities(body, "candidatesTokensDetails")
    prompt = _count(body, "promptTokenCount") + _count(body, "toolUsePromptTokenCount")
    answer = _count(body, "responseTokenCount") or _count(body, "candidatesTokenCount")
    cached = min(_count(body, "cachedContentTokenCount"), prompt)
    audio_in, image_in = heard.get("AUDIO", 0), heard.get("IMAGE", 0) + heard.get("VIDEO", 0)
    audio_out, image_out = said.get("AUDIO", 0), said.get("IMAGE", 0)
    return Usage(
        input=max(prompt - cached - audio_in - image_in, 0),
        cache_read=cached,
        audio_in=audio_in,
        image_in=image_in,
        output=max(answer - audio_out - image_out, 0),
        reasoning=_count(body, "thoughtsTokenCount"),
        audio_out=audio_out,
        image_out=image_out,
    )


def _modalities(body: dict[str, Any], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in body.get(name) or ():
        if isinstance(each, dict) and isinstance(each.get("modality"), str):
            found[each["modality"]] = found.get(each["modality"], 0) + _count(each, "tokenCount")
    return found


def _count(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    return value if type(value) is int and 0 <= value < 2**40 else 0
