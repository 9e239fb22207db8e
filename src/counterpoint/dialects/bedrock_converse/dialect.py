"""The Converse API as the gateway sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse
from counterpoint.dialects.base import NOT_SAID, Asked, Door, Encoded, Peek, Target
from counterpoint.dialects.bedrock_converse import errors, relay, requests, responses
from counterpoint.dialects.bedrock_converse.names import NAME
from counterpoint.dialects.bedrock_converse.stream_encoding import ConverseEncoder
from counterpoint.dialects.bedrock_converse.streams import ConverseDecoder
from counterpoint.dialects.jsonio import decode_object, encode


class Bedrock:
    """What the APIs of Bedrock's runtime have in common: the model stands in the address, errors in headers."""

    request_id_header = "x-amzn-requestid"
    stream_type = "application/vnd.amazon.eventstream"

    decode_error = staticmethod(errors.decode_error)
    encode_error = staticmethod(errors.encode_error)
    encode_stream_error = staticmethod(errors.encode_stream_error)

    def peek(self, body: bytes, asked: Asked = NOT_SAID) -> Peek:
        decode_object(body)
        return Peek(asked.model or "", asked.stream)

    def rewrite(self, body: bytes, peek: Peek, target: Target) -> bytes:
        return body  # the model stands in the address

    def encode_models(self, models: Sequence[Mapping[str, Any]]) -> bytes:
        return encode({"modelSummaries": [_summary(model) for model in models]})

    def encode_model(self, model: Mapping[str, Any]) -> bytes:
        return encode({"modelDetails": _summary(model)})

    def encode_token_count(self, count: int) -> bytes:
        return encode({"inputTokens": count})


class BedrockConverse(Bedrock):
    """`base.ChatDialect` for the Converse API; see there for what each method promises."""

    name = NAME
    doors = (
        Door("POST", "/model/{model}/converse", "chat"),
        Door("POST", "/model/{model}/converse-stream", "chat", stream=True),
        Door("POST", "/model/{model}/count-tokens", "count_tokens"),
    )
    forwarded = ()

    read = staticmethod(relay.read)
    decode_request = staticmethod(requests.decode_request)
    encode_request = staticmethod(requests.encode_request)
    decode_response = staticmethod(responses.decode_response)

    def address(self, path: str, operation: str, *, stream: bool) -> str:
        model = path.removesuffix("/converse")
        if operation == "count_tokens":
            return f"{model}/count-tokens"
        return f"{model}/converse-stream" if stream else f"{model}/converse"

    def relay(self, peek: Peek) -> relay.ConverseRelay:
        return relay.ConverseRelay()

    def encode_response(
        self, response: ChatResponse, source: str, asked: ChatRequest | None = None
    ) -> Encoded:
        return responses.encode_response(response, source)

    def stream_decoder(self) -> ConverseDecoder:
        return ConverseDecoder()

    def stream_encoder(
        self, model: str, *, include_usage: bool, asked: ChatRequest | None = None
    ) -> ConverseEncoder:
        return ConverseEncoder()


def _summary(model: Mapping[str, Any]) -> dict[str, Any]:
    """As `ListFoundationModels` has it, a door of another service of the same vendor."""
    return {"modelId": model["id"], "modelName": model["name"], "providerName": model["owner"]}
