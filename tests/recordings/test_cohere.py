"""Every recorded exchange with Cohere's APIs, and with others that rerank: understood, said again, relayed."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoint.canonical import ErrorEvent, fold
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import CHAT, EMBED, RERANK
from counterpoint.testing.conformance import conformance, counts, decoded_stream
from counterpoint.testing.recordings import answers, recordings

CHAT_NAME = "cohere-chat"
DIALECT = CHAT[CHAT_NAME]
FILED = "cohere-v2-chat"
NOT_HELD = {"the recording holds no request", "it is an answer with vectors, filed under chat"}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "provider-recordings"


@pytest.mark.parametrize(
    ("name", "least"), [(CHAT_NAME, 60), ("cohere-embed", 8), ("cohere-rerank", 7), ("voyage-embeddings", 4)]
)
def test_every_proof_holds(folder: Path, name: str, least: int) -> None:
    verdicts = conformance(folder, name)
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}
    assert {verdict.exception for verdict in verdicts} - {""} <= NOT_HELD
    assert counts(verdicts)["request"][0] >= least
    assert counts(verdicts)["answer"][0] >= 4


def test_the_relay_changes_the_models_name_alone(folder: Path) -> None:
    relayed: dict[str, Any] = {
        FILED: DIALECT,
        "cohere-embed": EMBED["cohere-embed"],
        "cohere-rerank": RERANK["cohere-rerank"],
    }
    for name, dialect in relayed.items():
        for recording in recordings(folder, name):
            body = recording.request_body
            if "model" not in json.loads(body):
                continue  # the first version of reranking had a usual one
            sent = dialect.rewrite(body, dialect.peek(body), Target("other/model"))
            assert json.loads(sent) == {**json.loads(body), "model": "other/model"}, recording.name


def test_every_stream_is_said_again(folder: Path) -> None:
    told = 0
    for recording in (*recordings(folder, FILED), *answers(folder, FILED)):
        body = recording.response_body
        if not body.startswith((b"event:", b"data:")):
            continue
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        assert not isinstance(events[-1], ErrorEvent), recording.name
        encoder = DIALECT.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        assert encoder.losses == ()
        first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [again]))
        assert (first.choices[0].parts, first.usage) == (second.choices[0].parts, second.usage), (
            recording.name
        )
        told += 1
    assert told >= 15


def test_what_is_billed_is_what_is_counted(folder: Path) -> None:
    for recording in recordings(folder, FILED):
        if recording.stream or recording.status != 200:
            continue
        billed = json.loads(recording.response_body)["usage"]["billed_units"]
        usage = DIALECT.decode_response(recording.response_body).usage
        assert (usage.input_total, usage.output_total) == (billed["input_tokens"], billed["output_tokens"])


def test_a_relayed_stream_begins_with_something_of_the_answer(folder: Path) -> None:
    for recording in recordings(folder, FILED):
        if recording.stream:
            relay = DIALECT.relay(Peek("m", stream=True))
            for frame in recording.response_body.split(b"\n\n"):
                relay.feed(frame + b"\n\n")
                if relay.begun:
                    assert b"message-start" not in frame, recording.name
                    break
            assert relay.begun, recording.name


def test_search_units_are_counted(folder: Path) -> None:
    units = [
        RERANK["cohere-rerank"].read(recording.response_body).usage.search_units
        for recording in recordings(folder, "cohere-rerank")
    ]
    assert units
    assert set(units) == {1}
