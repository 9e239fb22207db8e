"""Texts to vectors: `/api/embed`, and the older `/api/embeddings`, which takes one text and gives one vector
(https://docs.ollama.com/api/embed)."""

from typing import Any

import msgspec

from counterpoint.canonical import Embedding, EmbedRequest, EmbedResponse, Loss, Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Door, Encoded, Peek, Reading, Target
from counterpoint.dialects.extensions import adopted, foreign_losses
from counterpoint.dialects.jsonio import Fields, decode_object, encode, not_an_answer, refusal, wrong_type
from counterpoint.dialects.leftovers import answer_losses
from counterpoint.dialects.ollama import relay
from counterpoint.dialects.ollama.names import EMBED, EMBEDDINGS, NAME
from counterpoint.dialects.ollama.objects import answer_object, put_back, rest, spelled
from counterpoint.dialects.ollama.responses import times_of
from counterpoint.dialects.ollama.usage import READ

_SHARED = {"keep_alive": "keep_alive"}


class _Answer(msgspec.Struct):
    """What is read of an answer; the vectors, nearly all of it, are passed over."""

    model: str | None = None
    embeddings: msgspec.Raw | None = None
    embedding: msgspec.Raw | None = None
    prompt_eval_count: int | None = None


_decode_answer = msgspec.json.Decoder(_Answer).decode


class OllamaEmbed:
    """`base.EmbedDialect` for `/api/embed`."""

    name = EMBED
    operation = "embed"
    family = NAME
    doors: tuple[Door, ...] = (Door("POST", "/api/embed", "embed"),)
    forwarded: tuple[str, ...] = ()
    one = False

    def peek(self, body: bytes) -> Peek:
        """The model."""
        return Peek(relay.peek(body).model)

    rewrite = staticmethod(relay.rewrite)

    def read(self, body: bytes) -> Reading:
        """Usage and model of a relayed answer. Raises `Refused` if it is none."""
        try:
            answer = _decode_answer(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            answer = _Answer()
        if answer.embeddings is None and answer.embedding is None:
            decoded = self.decode_response(body)
            return Reading(decoded.usage, None, decoded.model)
        return Reading(_usage(answer.prompt_eval_count), None, answer.model or "")

    def decode_request(self, body: bytes) -> EmbedRequest:
        """A client's request, of either call."""
        fields = Fields(decode_object(body))
        model = fields.needed("model", fields.text)
        if not model:
            raise refusal("dialects.field.empty", "model", code="invalid_value", path="model")
        if "prompt" in fields.whole and "input" not in fields.whole:
            prompt = fields.text("prompt") or ""
            return EmbedRequest(
                model, (prompt,), fields.integer("dimensions"), extensions=rest(fields, input="prompt")
            )
        value = fields.any("input")
        if value is None:
            raise refusal("dialects.field.missing", "input", code="missing_required_parameter", path="input")
        if type(value) is str:
            return EmbedRequest(
                model, (value,), fields.integer("dimensions"), extensions=rest(fields, input="string")
            )
        return EmbedRequest(model, _texts(value), fields.integer("dimensions"), extensions=rest(fields))

    def encode_request(self, request: EmbedRequest, target: Target, source: str) -> Encoded:
        """A request for an upstream. Raises `Refused` for lists of tokens, which only their own host can read."""
        own = source in {EMBED, EMBEDDINGS}
        extensions = request.extensions if own else adopted(request.extensions, NAME, _SHARED)
        losses = [] if own else list(foreign_losses(extensions, NAME, ""))
        if request.user is not None:
            losses.append(Loss("user", "user", "cosmetic", "the target does not know of users"))
        for index, item in enumerate(request.input):
            if type(item) is not str:
                raise refusal("dialects.tokens", f"input[{index}]", code="unsupported_input")
        if not request.input and not own:  # it had no texts, but pictures or texts with pictures
            raise refusal("dialects.texts_only", "input", code="unsupported_input")
        how = spelled(extensions, "input")
        body: dict[str, Any] = {"model": target.model or request.model}
        if self.one or how == "prompt":
            if len(request.input) != 1:
                raise refusal("dialects.one_input", "input", code="unsupported_input")
            body["prompt"] = request.input[0]
        else:
            body["input"] = request.input[0] if how == "string" else list(request.input)
        if request.dimensions is not None:
            body["dimensions"] = request.dimensions
        return Encoded(encode({**body, **put_back(extensions)}), tuple(losses))

    def decode_response(self, body: bytes) -> EmbedResponse:
        """An upstream's answer, of either call."""
        fields = Fields(answer_object(body), strict=False)
        alone = "embedding" in fields.whole and "embeddings" not in fields.whole
        listed = [fields.any("embedding")] if alone else fields.needed("embeddings", fields.array)
        data = tuple(Embedding(index, _vector(value)) for index, value in enumerate(listed))
        usage = _usage(fields.integer(READ))
        times = times_of(fields)
        model = fields.text("model") or ""
        return EmbedResponse(
            model, data, usage, rest(fields, times=times, embedding="alone" if alone else None)
        )

    def encode_response(
        self, response: EmbedResponse, source: str, asked: EmbedRequest | None = None
    ) -> Encoded:
        """An answer for a client."""
        own = source in {EMBED, EMBEDDINGS}
        losses = () if own else tuple(answer_losses(response.extensions, NAME, ""))
        left = put_back(response.extensions)
        vectors = [item.vector for item in response.data]
        if self.one or spelled(response.extensions, "embedding") is not None:
            detail = "the target has one vector"
            others = [Loss("n", f"data[{item.index}]", "meaning", detail) for item in response.data[1:]]
            return Encoded(encode({"embedding": vectors[0] if vectors else [], **left}), (*losses, *others))
        body: dict[str, Any] = {"model": response.model, "embeddings": vectors}
        body.update(spelled(response.extensions, "times") or {})
        if response.usage.reported:
            body[READ] = response.usage.input_total
        return Encoded(encode({**body, **left}), losses)


class OllamaEmbeddings(OllamaEmbed):
    """`base.EmbedDialect` for `/api/embeddings`."""

    name = EMBEDDINGS
    doors = (Door("POST", "/api/embeddings", "embed"),)
    one = True


def _texts(value: Any) -> tuple[str, ...]:
    if type(value) is not list:
        raise wrong_type("input", "string_or_array", value)
    for index, item in enumerate(value):
        if type(item) is not str:
            raise wrong_type(f"input[{index}]", "string", item)
    return tuple(value)


def _vector(value: Any) -> tuple[float, ...]:
    if type(value) is not list or any(type(number) not in {float, int} for number in value):
        raise not_an_answer("dialects.upstream.missing", path="embeddings")
    return tuple(value)


def _usage(count: int | None) -> Usage:
    return UNREPORTED if count is None else Usage(input=max(0, count))
