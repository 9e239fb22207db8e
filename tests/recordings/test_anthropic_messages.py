"""Every recorded exchange with the Messages API: understood, and said again without a difference."""

import gzip
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterpoint.canonical import ChatResponse, ErrorEvent, StreamEvent, fold
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.usage import decode_usage
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.recordings import Recording, answers, recordings

DIALECT = CHAT["anthropic-messages"]
KINDS = ("anthropic-messages", "anthropic-count-tokens", "vertex-anthropic", "vertex-anthropic-stream")


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recording]:
    folder = shared / "data" / "provider-recordings"
    return [recording for kind in KINDS for recording in recordings(folder, kind)]


@pytest.fixture(scope="module")
def fixtures(shared: Path) -> list[Recording]:
    return list(answers(shared / "data" / "provider-recordings", "anthropic-messages"))


def bodies(every: list[Recording]) -> Iterator[tuple[str, bytes]]:
    """Requests; one to a host whose address names the model gets it written in."""
    for recording in every:
        if recording.request_body:
            body = json.loads(recording.request_body)
            named = "model" in body or not recording.dialect.startswith("vertex")
            yield (
                recording.name,
                recording.request_body if named else json.dumps({**body, "model": "m"}).encode(),
            )


def is_stream(body: bytes) -> bool:
    return body.startswith((b"event:", b"data:"))


def good(every: list[Recording], *, streamed: bool) -> list[tuple[str, bytes]]:
    return [
        (recording.name, recording.response_body)
        for recording in every
        if recording.status == 200
        and b'"input_tokens"' in recording.response_body
        and "count-tokens" not in recording.dialect
        and is_stream(recording.response_body) == streamed
    ]


def events_of(chunks: list[bytes]) -> list[StreamEvent]:
    decoder = DIALECT.stream_decoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.close()


def outcome(chunks: list[bytes]) -> ChatResponse | str:
    """The answer that the stream carried, or the failure that it ended in."""
    try:
        return fold(events_of(chunks))
    except Refused as refused:
        return refused.failure.message


def cut(body: bytes, chance: random.Random) -> list[bytes]:
    edges = [0, *sorted(chance.choices(range(len(body) + 1), k=20)), len(body)]
    return [body[start:end] for start, end in itertools.pairwise(edges)]


def test_there_is_enough_to_prove_it_on(recorded: list[Recording], fixtures: list[Recording]) -> None:
    assert len(list(bodies(recorded))) > 500
    assert len(good(recorded, streamed=False)) > 300
    assert len(good(recorded, streamed=True)) > 100
    assert len(fixtures) > 30


def test_every_request_comes_back(recorded: list[Recording]) -> None:
    wrong = []
    for name, body in bodies(recorded):
        request = DIALECT.decode_request(body)
        encoded = DIALECT.encode_request(request, Target(request.model), DIALECT.name)
        if json.loads(encoded.body) != json.loads(body) or encoded.losses:
            wrong.append(name)
    assert wrong == []


def test_every_relayed_request_differs_in_the_models_name_only(recorded: list[Recording]) -> None:
    wrong = []
    for name, body in bodies(recorded):
        peek = DIALECT.peek(body)
        wanted = {**json.loads(body), "model": "other/model"}
        sent = DIALECT.rewrite(body, peek, Target("other/model"))
        bytes_kept = len(sent) - len(body) == len("other/model") - len(peek.model)
        if body.count(b'"model"') > 1:  # which of them is meant is only clear when the values are taken apart
            bytes_kept = True
        if json.loads(sent) != wanted or not bytes_kept or peek.stream != (wanted.get("stream") is True):
            wrong.append(name)
    assert wrong == []


def test_every_answer_comes_back(recorded: list[Recording], fixtures: list[Recording]) -> None:
    wrong = []
    for name, body in good(recorded + fixtures, streamed=False):
        answer = DIALECT.decode_response(body)
        reading = DIALECT.read(body)
        finish = answer.choices[0].finish
        again = json.loads(DIALECT.encode_response(answer, DIALECT.name).body)
        if {"stop_sequence": None, **json.loads(body)} != again:  # which some hand-made fixtures lack
            wrong.append(name)
        assert (reading.usage, reading.id, reading.model) == (answer.usage, answer.id, answer.model)
        assert reading.finish == (finish.reason if finish else None)
    assert wrong == []


def test_every_stream_folds_to_the_same_in_any_cut(
    recorded: list[Recording], fixtures: list[Recording]
) -> None:
    chance = random.Random(7)
    for name, body in good(recorded + fixtures, streamed=True):
        whole = outcome([body])
        assert outcome([body[at : at + 1] for at in range(len(body))]) == whole, name
        assert all(outcome(cut(body, chance)) == whole for _ in range(3)), name


def test_every_recorded_stream_is_a_whole_answer(recorded: list[Recording]) -> None:
    for name, body in good(recorded, streamed=True):
        answer = outcome([body])
        assert isinstance(answer, ChatResponse), name
        assert answer.choices[0].finish is not None, name
        assert answer.usage.output_total > 0, name


def test_every_stream_is_said_again(recorded: list[Recording]) -> None:
    """Decoded and encoded: parts, usage and end are the same."""
    for name, body in good(recorded, streamed=True):
        events = events_of([body])
        encoder = DIALECT.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        assert outcome([again]) == fold(events), name


def test_every_relayed_stream_passes_untouched(recorded: list[Recording]) -> None:
    chance = random.Random(7)
    for name, body in good(recorded, streamed=True):
        answer = outcome([body])
        assert isinstance(answer, ChatResponse)
        for chunks in ([body], cut(body, chance), [body[at : at + 1] for at in range(len(body))]):
            relay = DIALECT.relay(Peek("m", stream=True))
            out = b"".join(map(relay.feed, chunks)) + relay.close()
            assert out == body, name
            assert relay.complete, name
            reading = relay.reading
            assert (reading.usage, reading.id, reading.model) == (answer.usage, answer.id, answer.model), name


def test_every_error_is_understood_and_passed_on(recorded: list[Recording]) -> None:
    errors = [recording for recording in recorded if recording.status >= 400]
    assert len(errors) > 8
    for recording in errors:
        failure = DIALECT.decode_error(recording.status, recording.response_headers, recording.response_body)
        reply = DIALECT.encode_error(failure, "r")
        assert failure.http_status == reply.status == recording.status
        assert json.loads(reply.body) == json.loads(recording.response_body), recording.name


def test_fixtures_that_end_in_an_error_are_told_so(fixtures: list[Recording]) -> None:
    for name, body in good(fixtures, streamed=True):
        events = events_of([body])
        assert events, name
        assert isinstance(outcome([body]), ChatResponse) or isinstance(events[-1], ErrorEvent), name


def test_the_model_list_has_the_recorded_shape(shared: Path) -> None:
    (recording,) = recordings(shared / "data" / "provider-recordings", "anthropic-models")
    theirs = json.loads(recording.response_body)
    models = [
        {"id": model["id"], "name": model["display_name"], "created": 0, "owner": "", "context": None}
        for model in theirs["data"]
    ]
    ours = json.loads(DIALECT.encode_models(models))
    assert ours.keys() == theirs.keys()
    assert ours["data"][0].keys() >= theirs["data"][0].keys()
    assert [model["id"] for model in ours["data"]] == [model["id"] for model in theirs["data"]]
    assert (ours["first_id"], ours["last_id"]) == (theirs["first_id"], theirs["last_id"])


def test_usage_agrees_with_the_price_oracle(shared: Path) -> None:
    path = shared / "data" / "prices" / "genai-prices" / "tests" / "dataset" / "usages.json.gz"
    compared = 0
    for entry in json.loads(gzip.decompress(path.read_bytes())):
        for extracted in entry["extracted"]:
            sources = {(one["provider_id"], one["api_flavor"]) for one in extracted["extractors"]}
            if ("anthropic", "default") in sources:
                compared += 1
                assert counts(entry["body"]["usage"]) == extracted["usage"], entry["body"]
    assert compared > 200


def counts(raw: Any) -> dict[str, int]:
    """Our classes in the oracle's words: its input and output are sums, zeros are left out."""
    usage = decode_usage(raw)
    found = {
        "input_tokens": usage.input_total,
        "cache_read_tokens": usage.cache_read,
        "cache_write_tokens": usage.cache_write + usage.cache_write_1h,
        "cache_write_5m_tokens": usage.cache_write,
        "cache_write_1h_tokens": usage.cache_write_1h,
        "output_tokens": usage.output_total,
        "output_reasoning_tokens": usage.reasoning,
        "web_searches": usage.web_searches,
    }
    return {name: count for name, count in found.items() if count}
