"""The state of the API, as the gateway uses it."""

import json
from typing import Any

import msgspec

from counterpoint.canonical import ChatResponse, Failure, FailureKind
from counterpoint.canonical.kept import KEPT_LIMIT
from counterpoint.dialects.openai_responses.requests import decode_request
from counterpoint.dialects.openai_responses.responses import encode_response
from counterpoint.dialects.openai_responses.state import ResponsesState
from counterpoint.dialects.openai_responses.state.answers import interrupted
from counterpoint.kept import Trail
from tests.unit.dialects.openai_responses.state.test_composing import said

STATE = ResponsesState()


def keep(answer: dict[str, Any], **fields: Any) -> Any:
    body = json.dumps({"model": "m", "input": "x", **fields}).encode()
    wish = STATE.wish(body)
    past = STATE.past(body, wish, Trail())
    return STATE.kept(answer, past, wish, project="p", key="k", host="h", keeps=True)


def test_an_answer_is_kept_with_what_it_was_asked_with() -> None:
    answer = {"id": "resp_1", "status": "completed", "created_at": 5, "output": [said("hi", id="msg_1")]}
    kept, added = keep(answer)
    assert (kept.id, kept.created, kept.status, kept.native, added) == ("resp_1", 5, "completed", True, ())
    assert json.loads(kept.input) == [{"type": "message", "role": "user", "content": "x"}]
    assert "msg_1" in kept.items
    assert STATE.shown(kept) == answer
    assert not keep({**answer, "store": False})[0].native
    assert not keep(answer, background=True)[0].native


def test_a_conversation_grows_by_both_sides() -> None:
    _, added = keep({"id": "resp_1", "output": [said("hi", id="msg_1")]}, conversation="c")
    assert [(item.host, item.native) for item in added] == [("", False), ("h", True)]
    assert added[1].id == "msg_1"


def test_what_cannot_be_kept_is_not() -> None:
    assert keep({"output": []}) is None
    assert keep({"id": "no id", "output": []}) is None
    assert keep({"id": "r", "output": [said("x" * KEPT_LIMIT)]}) is None


def test_an_answer_shows_the_state_that_it_is_in_now() -> None:
    kept, _ = keep({"id": "r", "status": "in_progress", "output": []})
    failed = STATE.shown(msgspec.structs.replace(kept, status="failed"))
    assert failed["status"] == "failed"
    assert failed["error"]["message"] == interrupted().message
    assert STATE.shown(msgspec.structs.replace(kept, status="cancelled"))["status"] == "cancelled"


def test_fields_that_are_seen_to_are_no_loss_and_repeated() -> None:
    body = json.dumps({"model": "m", "input": "x", "store": True, "metadata": {"a": "b"}}).encode()
    told = {**STATE.told(STATE.wish(body)), "id": "resp_mine"}
    request = STATE.adapted(decode_request(body), told)
    encoded = encode_response(ChatResponse(id="theirs", model="m"), "elsewhere", request, 7)
    answer = json.loads(encoded.body)
    assert (answer["id"], answer["store"], answer["metadata"]) == ("resp_mine", True, {"a": "b"})
    assert not any(name in request.extensions["openai-responses"] for name in STATE.handled)


def test_an_answer_that_is_yet_to_be_made_repeats_the_request() -> None:
    body = b'{"model":"m","input":"x","background":true,"instructions":"Be brief."}'
    queued = STATE.queued(body, STATE.wish(body), "resp_1")
    assert (queued["status"], queued["background"], queued["store"]) == ("queued", True, True)
    assert queued["instructions"] == "Be brief."
    failed = STATE.failed(queued, Failure(FailureKind.rate_limited, "slow", code="rate_limit_exceeded"))
    assert failed["error"] == {"code": "rate_limit_exceeded", "message": "slow"}
    by_reply = STATE.failed_by(queued, b'{"error":{"message":"m","code":null}}')
    assert by_reply["error"] == {"code": "server_error", "message": "m"}
    assert STATE.failed_by(queued, b"")["status"] == "failed"


def test_refusals_say_what_is_missing() -> None:
    assert STATE.missing("item", "x").http_status == 404
    wish = STATE.wish(b'{"model":"m","previous_response_id":"r"}')
    failure = STATE.missing_past(wish, "r")
    assert (failure.http_status, failure.code) == (400, "previous_response_not_found")
    wish = STATE.wish(b'{"model":"m","conversation":"c"}')
    assert STATE.missing_past(wish, "c").param == "conversation"
    assert STATE.because("too_long").code == "too_long"
    assert STATE.is_id(STATE.new_id())
