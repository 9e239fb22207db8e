"""The dialect as the gateway sees it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.conversing import Listener, Turn
from counterpoint.dialects.jsonio import refusal
from counterpoint.dialects.openai_realtime.listening import Listening

_KEY = "openai-insecure-api-key."


class _Answer(msgspec.Struct):
    usage: Any = None
    status: Any = None


class _Event(msgspec.Struct):
    type: Any = None
    response: _Answer | None = None
    usage: Any = None


class _Kind(msgspec.Struct):
    type: Any = None


_decode_kind = msgspec.json.Decoder(_Kind).decode
_decode = msgspec.json.Decoder(_Event).decode


class OpenAIRealtime:
    """Speech and text, both ways at once."""

    name = "openai-realtime"
    family = "openai-chat"
    paths: tuple[str, ...] = ("/v1/realtime",)
    forwarded: tuple[str, ...] = ("openai-beta",)
    rooted = False

    def key(self, headers: Mapping[bytes, bytes], _query: str) -> str | None:
        """Among the subprotocols."""
        offered = headers.get(b"sec-websocket-protocol", b"").decode("latin-1").split(",")
        return next(
            (word.strip().removeprefix(_KEY) for word in offered if word.strip().startswith(_KEY)), None
        )

    def protocols(self, offered: str) -> str:
        """All but our key."""
        return ", ".join(word.strip() for word in offered.split(",") if not word.strip().startswith(_KEY))

    def model(self, query: str) -> str | None:
        """`?model=`."""
        model = dict(parse_qsl(query)).get("model")
        if not model:
            raise refusal("dialects.field.missing", "model", code="missing_required_parameter", path="model")
        return model

    def query(self, query: str, model: str) -> str:
        """As it was but for the model."""
        return urlencode([(name, model if name == "model" else value) for name, value in parse_qsl(query)])

    def first(self, message: bytes) -> str:
        """The address has said it."""
        raise TypeError("the model is in the address")

    def renamed(self, message: bytes, _model: str) -> bytes:
        """The address has said it."""
        return message

    def answering(self, message: bytes) -> bool:
        """`response.created` and all that follows it."""
        if message.find(b'"response.') < 0:
            return False
        try:
            kind = _decode_kind(message).type
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
        return isinstance(kind, str) and kind.startswith("response.") and kind != "response.done"

    def turn(self, message: bytes) -> Turn | None:
        """`response.done`. xAI writes usage beside the answer (docs.x.ai, voice agent)."""
        if message.find(b'"response.done"') < 0:
            return None
        try:
            event = _decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        if event.type != "response.done" or event.response is None:
            return None
        usage, status = usage_from(event.response.usage), event.response.status
        usage = usage if usage.reported else usage_from(event.usage)
        return Turn(usage, status == "failed", status not in ("failed", "cancelled", "incomplete"))

    def listener(self) -> Listener:
        """For a session that begins."""
        return Listening()


def usage_from(body: Any) -> Usage:
    """Disjoint classes: cached tokens are part of the input, told apart by modality."""
    if not isinstance(body, dict) or not ("input_tokens" in body or "output_tokens" in body):
        return UNREPORTED
    read, said = _part(body, "input_token_details"), _part(body, "output_token_details")
    cached = _part(read, "cached_tokens_details")
    cached_audio = _count(cached, "audio_tokens")
    cached_other = max(_count(read, "cached_tokens") - cached_audio, 0)
    audio, image = _count(read, "audio_tokens"), _count(read, "image_tokens")
    text = max(_count(body, "input_tokens") - audio - image, 0)
    spoken = _count(said, "audio_tokens")
    return Usage(
        input=max(text - cached_other, 0),
        cache_read=cached_other,
        audio_in=max(audio - cached_audio, 0),
        audio_cache_read=cached_audio,
        image_in=max(image - max(cached_other - text, 0), 0),
        output=max(_count(body, "output_tokens") - spoken, 0),
        audio_out=spoken,
    )


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _count(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    return value if type(value) is int and 0 <= value < 2**40 else 0
