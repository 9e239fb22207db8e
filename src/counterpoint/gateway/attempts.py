"""Prepare one attempt: what to send to a candidate, and how its answer will become the caller's. Pure."""

from functools import cache
from typing import Any, cast

import msgspec

from counterpoint.canonical import (
    ChatRequest,
    EmbedRequest,
    Loss,
    Refused,
    RerankRequest,
)
from counterpoint.dialects.base import ChatDialect, Peek, RelayedDialect, WholeDialect
from counterpoint.dialects.registry import CHAT, COUNTERS, WHOLE
from counterpoint.dialects.splice import with_fields
from counterpoint.gateway import refusals
from counterpoint.gateway.answers import (
    Answer,
    CountedWhole,
    FoldedWhole,
    OtherWhole,
    RelayedBytes,
    RelayedStream,
    RelayedWhole,
    TranslatedCount,
    TranslatedStream,
    TranslatedWhole,
)
from counterpoint.gateway.call import Call
from counterpoint.gateway.commands import Headers, OpenEngine, OpenUpstream, Operation
from counterpoint.gateway.estimate import estimate_tokens
from counterpoint.gateway.gathered import Gathered
from counterpoint.gateway.loading import LoadedWhole, knock, loads
from counterpoint.gateway.local import LOCAL, keep_alive, local_losses, refuse_nonsense
from counterpoint.gateway.names import Candidate
from counterpoint.gateway.passing import Passed
from counterpoint.gateway.untranslatable import refuse_untranslatable


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """`command` opens the attempt (`None`: it is already answered by `answer`)."""

    command: OpenUpstream | OpenEngine | None
    answer: Answer
    losses: tuple[Loss, ...] = ()


class Preparation:
    """Prepares the attempts of one call; the canonical request is decoded at most once. `connect`: seconds that a
    connection may take, if not the host's own."""

    __slots__ = ("_asked", "_call", "_chat", "_number", "_peek", "connect")

    def __init__(self, call: Call, peek: Peek, connect: float | None = None) -> None:
        self._call = call
        self._peek = peek
        self.connect = connect
        self._number = 0
        self._chat: ChatRequest | None = None
        self._asked: Any = None

    def prepare(self, candidate: Candidate, number: int = 0) -> Prepared:
        """Raises `Refused` when the caller's request itself is at fault. `number`: of the try."""
        call = self._call
        self._number = number
        if call.whole is not None:
            return self._prepare_whole(candidate, call.whole)
        if call.relayed is not None:
            return self._prepare_relayed(candidate, call.relayed)
        if call.operation == "count_tokens":
            return self._prepare_count(candidate)
        if call.operation == "compact" and candidate.dialect != call.dialect.name:
            raise Refused(refusals.cannot_compact(call.lang, candidate.host.name))
        same = candidate.dialect == call.dialect.name
        if not same and loads(self.request()):
            return self._prepare_load(candidate)
        if candidate.local:
            request = self.request()
            answer: Answer = (
                TranslatedStream(None, call.dialect, self._peek, request)
                if self._peek.stream
                else FoldedWhole(call.dialect, LOCAL, request)
            )
            return Prepared(
                self._engine(candidate, request), answer, local_losses(request, call.dialect.name)
            )
        upstream = CHAT[candidate.dialect]
        if same:
            own, lost = self._own_body(candidate)
            body = upstream.rewrite(own, self._peek, candidate.target)
            relayed: Answer = (
                RelayedStream(call.dialect, self._peek) if self._peek.stream else RelayedWhole(upstream)
            )
            opened = self._upstream(candidate, body, self._address(upstream, candidate))
            return Prepared(opened, relayed, lost)
        request = self.request()
        encoded = upstream.encode_request(request, candidate.target, call.dialect.name)
        translated: Answer = (
            TranslatedStream(upstream.stream_decoder(), call.dialect, self._peek, request)
            if self._peek.stream
            else TranslatedWhole(upstream, call.dialect, request)
        )
        losses = encoded.losses + self._header_losses(candidate)
        opened = self._upstream(candidate, encoded.body, self._address(upstream, candidate))
        return Prepared(opened, translated, losses)

    def prepare_checked(self, candidate: Candidate, request: ChatRequest | None, number: int) -> Prepared:
        """For an answer that is looked at before anybody gets it: asked for in canonical words, and whole.
        `request`: in place of the caller's own."""
        call = self._call
        self._number = number
        own = request is None
        request = msgspec.structs.replace(request or self.request(), stream=False, include_usage=False)
        if candidate.local:
            lost = local_losses(request, call.dialect.name) if own else ()
            return Prepared(self._engine(candidate, request), Gathered(None, LOCAL), lost)
        upstream = CHAT[candidate.dialect]
        encoded = upstream.encode_request(request, candidate.target, call.dialect.name)
        address = upstream.address(candidate.path, "chat", stream=False)
        opened = self._upstream(candidate, encoded.body, address)
        losses = encoded.losses
        if own and candidate.dialect != call.dialect.name:
            losses += self._header_losses(candidate)
        return Prepared(opened, Gathered(upstream, candidate.dialect), losses if own else ())

    def _own_body(self, candidate: Candidate) -> tuple[bytes, tuple[Loss, ...]]:
        """The body for a candidate that speaks the caller's dialect."""
        recalled = self._call.recalled
        return (self._call.body, ()) if recalled is None else recalled.body_for(candidate.host.name)

    def _address(self, upstream: ChatDialect, candidate: Candidate) -> str:
        return upstream.address(candidate.path, self._call.operation, stream=self._peek.stream)

    def _prepare_load(self, candidate: Candidate) -> Prepared:
        request = self.request()
        command = None
        if candidate.local:
            model = candidate.offering.id
            command = OpenEngine(model, "count_tokens", knock(request), keep_alive(request), self._number)
        return Prepared(command, LoadedWhole(self._call.dialect, request))

    def _prepare_count(self, candidate: Candidate) -> Prepared:
        call = self._call
        if candidate.local:
            return Prepared(self._engine(candidate, self.request()), CountedWhole(call.dialect))
        if candidate.dialect == call.dialect.name:
            own, lost = self._own_body(candidate)
            body = call.dialect.rewrite(own, self._peek, candidate.target)
            address = self._address(call.dialect, candidate)
            return Prepared(self._upstream(candidate, body, address), RelayedBytes(), lost)
        counter = COUNTERS.get(candidate.dialect)
        if counter is None:
            return self.estimate()
        encoded = counter.encode_count(self.request(), candidate.target, call.dialect.name)
        address = self._address(CHAT[candidate.dialect], candidate)
        opened = self._upstream(candidate, encoded.body, address)
        return Prepared(opened, TranslatedCount(counter, call.dialect), encoded.losses)

    def estimate(self) -> Prepared:
        """A token count without anybody's help, declared as what it is."""
        counted = CountedWhole(self._call.dialect)
        counted.result = estimate_tokens(self.request())
        loss = Loss(
            code="count_tokens.estimated",
            path="",
            severity="degraded",
            detail="the host has no token counter; this is an estimate from the text's length",
        )
        return Prepared(None, counted, (loss,))

    def _prepare_whole(self, candidate: Candidate, client: WholeDialect[Any, Any]) -> Prepared:
        call = self._call
        if candidate.local:
            asked = self._whole_request(client)
            return Prepared(self._engine(candidate, asked), OtherWhole(client, None, asked))
        upstream = WHOLE[client.operation][candidate.dialect]
        if upstream is client:
            body = client.rewrite(call.body, self._peek, candidate.target)
            return Prepared(self._upstream(candidate, body, candidate.path), RelayedWhole(client))
        asked = self._whole_request(client)
        encoded = upstream.encode_request(asked, candidate.target, client.name)
        opened = self._upstream(candidate, encoded.body, candidate.path)
        return Prepared(opened, OtherWhole(client, upstream, asked), encoded.losses)

    def _prepare_relayed(self, candidate: Candidate, dialect: RelayedDialect) -> Prepared:
        call = self._call
        body = dialect.rewrite(call.body, call.media_type, self._peek, candidate.target)
        opened = self._upstream(candidate, body, dialect.address(candidate.path, call.door))
        opened = msgspec.structs.replace(
            opened, media_type=call.headers.get(b"content-type", b"application/json")
        )
        meter = dialect.meter(call.body, call.media_type, candidate.target)
        return Prepared(opened, Passed(meter, call.dialect))

    def request(self) -> ChatRequest:
        """The caller's, in canonical words. Raises `Refused`."""
        if self._chat is None:
            recalled, asked = self._call.recalled, self._call.asked
            body = self._call.body if recalled is None else recalled.body_for(None)[0]
            request = self._call.dialect.decode_request(body)
            if recalled is not None:
                request = recalled.adapted(request)
            if asked.model is not None:
                request = msgspec.structs.replace(
                    request, model=asked.model, stream=asked.stream, include_usage=asked.stream
                )
            refuse_untranslatable(request, self._call.dialect.name)
            self._chat = request
        return self._chat

    def readable(self) -> ChatRequest | EmbedRequest | RerankRequest | None:
        """The request in canonical words; `None`: it is of an operation that is only passed on. Raises `Refused`."""
        whole, call = self._call.whole, self._call
        if whole is not None:
            asked: EmbedRequest | RerankRequest = self._whole_request(whole)
            return asked
        return self.request() if call.relayed is None and call.operation != "compact" else None

    def _whole_request(self, client: WholeDialect[Any, Any]) -> Any:
        if self._asked is None:
            asked, named = client.decode_request(self._call.body), self._call.asked.model
            self._asked = asked if named is None else msgspec.structs.replace(asked, model=named)
        return self._asked

    def _engine(self, candidate: Candidate, request: ChatRequest | EmbedRequest) -> OpenEngine:
        if self._call.operation != "count_tokens":
            refuse_nonsense(request, self._call.client_dialect)
        operation = cast("Operation", self._call.operation)
        return OpenEngine(candidate.offering.id, operation, request, keep_alive(request), self._number)

    def _upstream(self, candidate: Candidate, body: bytes, path: str) -> OpenUpstream:
        headers: Headers = ()
        call = self._call
        speaker = call.speaker
        if speaker.forwarded and speaker.name == candidate.dialect:
            names = _encoded(speaker.forwarded)
            headers = tuple([(name, call.headers[name]) for name in names if name in call.headers])
        if candidate.host.body:
            body = with_fields(body, candidate.host.body)
        return OpenUpstream(candidate.host, path, headers, body, b"", self._number, self.connect)

    def _header_losses(self, candidate: Candidate) -> tuple[Loss, ...]:
        """A dialect's own headers (feature flags, mostly) mean nothing to a host of another dialect."""
        call = self._call
        return tuple(
            Loss(
                f"header.{name}",
                f"headers.{name}",
                "degraded",
                "a header that only its own dialect understands",
            )
            for name in call.dialect.forwarded
            if not name.endswith("-version") and name.encode() in call.headers
        )


@cache
def _encoded(names: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(name.encode() for name in names)
