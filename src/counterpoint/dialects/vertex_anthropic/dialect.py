"""The dialect as the gateway sees it: the Messages API in another envelope.

What a request says is kept in the extensions of the Messages API, so that nothing is lost between a caller of one and
a host of the other.
"""

import re
from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, ChatResponse
from counterpoint.dialects.anthropic_messages import AnthropicMessages, relay
from counterpoint.dialects.base import NOT_SAID, Asked, Door, Encoded, Peek, Target
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.jsonio import Fields, decode_object, encode, malformed, parse
from counterpoint.dialects.splice import replace_text

NAME = "vertex-anthropic"
VERSION = "vertex-2023-10-16"
_INNER = AnthropicMessages.name
_MODELS = "/v1/projects/*/locations/*/publishers/anthropic/models"
_COUNTING = "count-tokens"
_ANY = "model"
"""Stands for the model, which the address names, where the Messages API wants one in the body."""
_MODEL = re.compile(r"[^/]*:rawPredict\Z")


class _Head(msgspec.Struct):
    model: str | None = None
    stream: bool | None = None


_head = msgspec.json.Decoder(_Head).decode


class VertexAnthropic(AnthropicMessages):
    """`base.ChatDialect`; see there for what each method promises."""

    name = NAME
    doors: tuple[Door, ...] = (
        Door("POST", f"{_MODELS}/{_COUNTING}:rawPredict", "count_tokens"),
        Door("POST", f"{_MODELS}/{{model}}:rawPredict", "chat"),
        Door("POST", f"{_MODELS}/{{model}}:streamRawPredict", "chat", stream=True),
    )
    forwarded: tuple[str, ...] = ("anthropic-beta",)

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        try:
            head = _head(body)
        except msgspec.ValidationError as error:
            fields = Fields(decode_object(body))
            fields.text("model")
            fields.boolean("stream")
            raise malformed(error) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise malformed(error) from error
        return Peek(asked.model or head.model or "", asked.stream or head.stream is True)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        if operation == "count_tokens":
            return _MODEL.sub(f"{_COUNTING}:rawPredict", path)
        return path.replace(":rawPredict", ":streamRawPredict") if stream else path

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        body = relay.rewrite(body, Peek(target.model, peek.stream), target)
        named = _head(body).model  # only what is to be counted names its model in the body
        return (
            body if named in {None, target.model} else replace_text(body, "model", named or "", target.model)
        )

    def decode_request(self, body: bytes) -> ChatRequest:
        fields = decode_object(body)
        marks: dict[str, Any] = {"~version": fields.pop("anthropic_version", None)}
        named = "model" in fields
        request = super().decode_request(encode({**fields, "model": fields.get("model", _ANY)}))
        marks["~named"] = named
        extensions = {**request.extensions, NAME: marks}
        return msgspec.structs.replace(request, model=request.model if named else "", extensions=extensions)

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        own = source == NAME
        encoded = super().encode_request(request, target, _INNER if own else source)
        body: dict[str, Any] = parse(encoded.body)
        if not (own and spelling(request.extensions, NAME, "named")):
            del body["model"]
        version = spelling(request.extensions, NAME, "version") if own else VERSION
        whole = {"anthropic_version": version, **body} if version is not None else body
        return Encoded(encode(whole), encoded.losses)

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return super().encode_response(response, _INNER if source == NAME else source, asked)
