"""`InvokeModel` as the gateway sees it."""

from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Door, Encoded, Peek, Reading, Target
from counterpoint.dialects.bedrock_converse import errors
from counterpoint.dialects.bedrock_converse.dialect import Bedrock
from counterpoint.dialects.bedrock_invoke import prompts, spoken
from counterpoint.dialects.bedrock_invoke.families import (
    NAME,
    Family,
    family_of_answer,
    family_of_model,
    family_of_request,
)
from counterpoint.dialects.bedrock_invoke.streams import InvokeDecoder, InvokeEncoder, InvokeRelay
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.jsonio import (
    decode_object,
    malformed,
    not_an_answer,
    parse,
    refusal,
)

_ABOUT = "x-amzn-bedrock-"


class BedrockInvoke(Bedrock):
    """`base.ChatDialect` for the bodies of all makers; see there for what each method promises."""

    name = NAME
    doors = (
        Door("POST", "/model/{model}/invoke", "chat"),
        Door("POST", "/model/{model}/invoke-with-response-stream", "chat", stream=True),
    )
    forwarded = tuple(
        f"{_ABOUT}{name}"
        for name in (
            "trace",
            "guardrailidentifier",
            "guardrailversion",
            "performanceconfig-latency",
            "service-tier",
        )
    )

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        model = path.removesuffix("/invoke")
        return f"{model}/invoke-with-response-stream" if stream else f"{model}/invoke"

    def relay(self, peek: Peek) -> InvokeRelay:
        return InvokeRelay()

    def read(self, body: bytes) -> Reading:
        value = _object(body)
        if family_of_answer(value) is None:
            return _other(value)
        response = self.decode_response(body)
        first = next((choice.finish.reason for choice in response.choices if choice.finish), None)
        return Reading(response.usage, first, response.model or None, response.id or None)

    def decode_request(self, body: bytes) -> ChatRequest:
        value = decode_object(body)
        family = family_of_request(value)
        if family is None:
            raise refusal(
                "dialects.field.missing", "messages", code="missing_required_parameter", path="messages"
            )
        try:
            if family in spoken.INNER:
                return spoken.decode_request(value, family)
            return prompts.decode_request(value, family)
        except RecursionError as error:
            raise malformed(error) from error

    def encode_request(self, request: ChatRequest, target: Target, source: str) -> Encoded:
        own: Family | None = spelling(request.extensions, NAME, "family") if source == NAME else None
        family = family_of_model(target.model) or own or "chat"
        if own is not None and "messages" not in own and family == "anthropic" and own == "claude-text":
            family = own  # Claude's older API of prompts, for the same models
        try:
            if family in spoken.INNER:
                same = source if own in {None, family} or own not in spoken.INNER else spoken.INNER[own].name
                return spoken.encode_request(request, target, same, family)
            return prompts.encode_request(request, target, source, family)
        except RecursionError as error:
            raise malformed(error) from error

    def decode_response(self, body: bytes) -> ChatResponse:
        value = _object(body)
        family = family_of_answer(value)
        if family is None:
            raise not_an_answer("dialects.upstream.not_answer", reason="no text")
        try:
            if family in spoken.INNER:
                return spoken.decode_response(body, family)
            return prompts.decode_response(value, family)
        except RecursionError as error:
            raise not_an_answer("dialects.upstream.not_answer", reason="nested too deeply") from error

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        extensions = response.extensions if source == NAME else {} if asked is None else asked.extensions
        family: Family = spelling(extensions, NAME, "family") or "anthropic"
        if family in spoken.INNER:
            return spoken.encode_response(response, source, asked, family)
        return prompts.encode_response(response, source, family)

    def stream_decoder(self) -> InvokeDecoder:
        return InvokeDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> InvokeEncoder:
        return InvokeEncoder(model, asked)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = parse(body)
    except ValueError as error:
        raise not_an_answer("dialects.upstream.not_json") from error
    if type(value) is not dict:
        raise not_an_answer("dialects.upstream.not_answer", reason="not an object")
    if errors.is_ours(value) and not value.keys() - {"message", "Message", "__type"}:
        raise Refused(errors.failure_of(value, "", None))
    return value


def _other(value: dict[str, Any]) -> Reading:
    """Answers that are no conversation: vectors, pictures, rankings. Only what they count is read."""
    count = value.get("inputTextTokenCount")
    return Reading(Usage(input=count) if type(count) is int else Usage(reported=False))
