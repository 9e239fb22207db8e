"""What the gateway needs to keep this API's state; see `base` for what a dialect is."""

import time
from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, Failure, FailureKind
from counterpoint.canonical.ids import new_id
from counterpoint.canonical.kept import KEPT_LIMIT, Item, Kept, Trail
from counterpoint.dialects.extensions import extras
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.dialects.openai_responses.envelope import repeated
from counterpoint.dialects.openai_responses.errors import answer_error
from counterpoint.dialects.openai_responses.names import ASKED, NAME
from counterpoint.dialects.openai_responses.quirks import KEEPS_ANSWERS
from counterpoint.dialects.openai_responses.requests import decode_request
from counterpoint.dialects.openai_responses.state import objects
from counterpoint.dialects.openai_responses.state.asking import ID, Wish, items_in, wish_of
from counterpoint.dialects.openai_responses.state.composing import HANDLED, Past, input_ids, output_of
from counterpoint.dialects.openai_responses.state.watching import Watch, object_in
from counterpoint.i18n import say
from counterpoint.wire import sse_frame

Json = dict[str, Any]


class ResponsesState:
    """The state of one API. All of it is pure."""

    name = NAME
    objects = objects
    handled = frozenset(HANDLED)
    keeps = KEEPS_ANSWERS

    def wish(self, body: bytes) -> Wish:
        """What a call says about state. Raises `Refused`."""
        return wish_of(body)

    def past(self, body: bytes, wish: Wish, trail: Trail) -> Past:
        """The call, with what it goes on."""
        return Past(body, wish, trail)

    def is_id(self, text: str) -> bool:
        """Whether anything may be kept under this id."""
        return ID.fullmatch(text) is not None

    def new_id(self) -> str:
        """For an answer that is made here."""
        return f"resp_{new_id().replace('-', '')}"

    def told(self, wish: Wish) -> Json:
        """What an answer says of the state that was asked for."""
        conversation = {"id": wish.conversation} if wish.conversation else None
        told: Json = {"store": wish.store, "background": wish.background}
        return {**told, "previous_response_id": wish.previous, "conversation": conversation}

    def adapted(self, request: ChatRequest, told: Json) -> ChatRequest:
        """`request` without the fields that are seen to here; its answer will say what was `told`."""
        fields = request.extensions.get(NAME, {})
        kept = {name: value for name, value in fields.items() if name not in self.handled}
        return msgspec.structs.replace(
            request, extensions={**request.extensions, **extras(NAME, {**kept, "~" + ASKED: told})}
        )

    def watch(self, amend: Json | None, first: int | None = None) -> Watch:
        """A reader of the stream on its way to the client."""
        return Watch(amend, first)

    def answer_in(self, body: bytes) -> Json | None:
        """The answer that a body is."""
        return object_in(body)

    def encode(self, value: Json) -> bytes:
        """An object as bytes."""
        return encode(value)

    # What is kept

    def kept(
        self, answer: Json, past: Past, wish: Wish, *, project: str, key: str, host: str, keeps: bool
    ) -> tuple[Kept, tuple[Item, ...]] | None:
        """What to keep of an answer, and the items by which its conversation grows; `None`: it is too large, or has
        no id. `keeps`: whether `host` keeps answers, and this one, too."""
        id_ = answer.get("id")
        if type(id_) is not str or not ID.fullmatch(id_):
            return None
        inputs = [item.body for item in past.items]
        listed, body = b"[" + b",".join(inputs) + b"]", encode(answer)
        if len(listed) + len(body) > KEPT_LIMIT:
            return None
        native = keeps and answer.get("store") is not False and not wish.background
        outputs = output_of(body)
        names = [
            *objects.valid_ids(outputs),
            *(name for name in input_ids(id_, inputs) if ID.fullmatch(name)),
        ]
        added: tuple[Item, ...] = ()
        if wish.conversation:
            stem = id_.removeprefix("resp_")
            added = objects.with_ids(inputs, stem)
            added += objects.with_ids(outputs, stem + "o", host, native=native)
        created = answer.get("created_at")
        kept = Kept(
            id=id_,
            project=project,
            key=key,
            host=host,
            status=self.status(answer),
            created=int(created) if isinstance(created, int | float) else int(time.time()),
            input=listed,
            answer=body,
            native=native,
            previous=wish.previous,
            conversation=wish.conversation,
            items=tuple(names),
            background=wish.background,
        )
        return kept, added

    def status(self, answer: Json) -> str:
        """The state that an answer says it is in."""
        status = answer.get("status")
        return status if type(status) is str and len(status) <= 20 else "completed"

    def shown(self, kept: Kept) -> Json:
        """A kept answer; where its state has changed since it was told, as it is now."""
        value = parse(kept.answer)
        answer: Json = value if type(value) is dict else {}
        if answer.get("status", kept.status) == kept.status:
            return answer
        answer["status"] = kept.status
        if kept.status == "failed":
            answer["error"] = answer_error(interrupted())
        return answer

    def inputs(self, kept: Kept, query: str) -> bytes:
        """A page of the items that an answer was asked with. Raises `Refused`."""
        return objects.input_page(kept, items_in(kept.input), query)

    # In the background

    def queued(self, body: bytes, wish: Wish, id_: str) -> Json:
        """An answer that is yet to be made. Raises `Refused` if the request is no request."""
        request = decode_request(body)
        around = repeated(self.adapted(request, self.told(wish)))
        return {
            "id": id_,
            "object": "response",
            "created_at": int(time.time()),
            "status": "queued",
            "error": None,
            "incomplete_details": None,
            "model": request.model,
            "output": [],
            **around,
            "usage": None,
        }

    def event(self, kind: str, number: int, answer: Json) -> bytes:
        """An event that tells the answer as it is."""
        return sse_frame(encode({"type": kind, "sequence_number": number, "response": answer}), kind)

    def failed(self, answer: Json, failure: Failure) -> Json:
        """`answer`, which will not be made."""
        return {**answer, "status": "failed", "error": answer_error(failure)}

    def missing(self, kind: str, id_: str) -> Failure:
        """`kind`: `response`, `conversation` or `item`."""
        message = say(f"dialects.state.missing.{kind}", lang="en", id=id_[:200])
        return Failure(FailureKind.not_found, message, code=f"{kind}_not_found")

    def missing_past(self, wish: Wish, id_: str) -> Failure:
        """What a call goes on is not there."""
        if wish.conversation is not None:
            return msgspec.structs.replace(self.missing("conversation", id_), param="conversation")
        message = say("dialects.state.missing.previous", lang="en", id=id_[:200])
        code = "previous_response_not_found"
        return Failure(FailureKind.bad_request, message, code=code, param="previous_response_id")

    def because(self, word: str) -> Failure:
        """One of this API's own: `too_long`, `not_background`, `no_stream`, `interrupted`, `too_large`."""
        message = say(f"dialects.state.{word}", lang="en")
        return Failure(FailureKind.bad_request, message, code=word)

    def failed_by(self, answer: Json, reply: bytes) -> Json:
        """`answer`, in whose place there was the error `reply`."""
        value = parse(reply) if reply else None
        error = value.get("error") if type(value) is dict else None
        told = error if type(error) is dict else {}
        code = told.get("code") if type(told.get("code")) is str else "server_error"
        message = told.get("message") if type(told.get("message")) is str else ""
        return {**answer, "status": "failed", "error": {"code": code, "message": message}}


def interrupted() -> Failure:
    """Whoever made the answer is gone."""
    message = say("dialects.state.interrupted", lang="en")
    return Failure(FailureKind.internal, message, code="server_error")
