"""Every recorded exchange with Bedrock's InvokeModel, in the bodies of every maker: understood, said again without a
difference, relayed untouched."""

import json
from collections import Counter
from pathlib import Path

import pytest

from counterpoint.canonical import ErrorEvent, fold
from counterpoint.dialects.base import Target
from counterpoint.dialects.extensions import spelling
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import FILED, Verdict, conformance, counts, decoded_stream
from counterpoint.testing.recordings import Recording, recordings

NAME = "bedrock-invoke"
DIALECT = CHAT[NAME]
RANKED = "it is a reranking, filed with conversations"
CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recording]:
    folder = shared / "data" / "provider-recordings"
    every = [item for name in FILED[NAME] for item in recordings(folder, name)]
    return [item for item in every if "embed" not in item.endpoint and "rerank" not in item.endpoint]


@pytest.fixture(scope="module")
def verdicts(shared: Path) -> list[Verdict]:
    return conformance(shared / "data" / "provider-recordings", NAME)


def test_every_proof_holds(verdicts: list[Verdict]) -> None:
    held = {proof: number for proof, (_, number) in counts(verdicts).items()}
    assert held["request"] >= 100
    assert held["answer"] >= 60
    assert held["stream"] >= 38
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}
    assert {verdict.exception for verdict in verdicts} == {"", RANKED}


def test_every_family_is_recognised(recorded: list[Recording]) -> None:
    families = Counter(
        spelling(DIALECT.decode_request(item.request_body).extensions, NAME, "family") for item in recorded
    )
    assert families["anthropic"] > 40
    assert families["nova"] >= 5
    assert {"llama", "titan", "command", "command-r", "claude-text", "jurassic"} < families.keys()


def test_claudes_bodies_are_those_of_the_messages_api(recorded: list[Recording]) -> None:
    """What came for one of Claude's APIs goes to the other without a loss."""
    messages, told = CHAT["anthropic-messages"], 0
    for recording in recorded:
        request = DIALECT.decode_request(recording.request_body)
        if spelling(request.extensions, NAME, "family") != "anthropic" or recording.status != 200:
            continue
        there = messages.encode_request(request, Target("claude-sonnet-4-5"), "anthropic-messages")
        back = messages.decode_request(there.body)
        again = DIALECT.encode_request(back, Target(CLAUDE), "anthropic-messages")
        kept = {**json.loads(recording.request_body)}
        kept.pop("stream", None)
        assert (there.losses, again.losses) == ((), ()), recording.name
        assert json.loads(again.body) == kept, recording.name
        told += 1
    assert told > 40


def test_every_stream_is_said_again(recorded: list[Recording]) -> None:
    told = 0
    for recording in recorded:
        if not recording.stream or recording.status != 200:
            continue
        events = decoded_stream(DIALECT.stream_decoder(), [recording.response_body])
        if isinstance(events[-1], ErrorEvent):
            continue
        asked = DIALECT.decode_request(recording.request_body)
        encoder = DIALECT.stream_encoder("m", include_usage=True, asked=asked)
        said = b"".join(map(encoder.encode, events)) + encoder.close()
        first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [said]))
        assert first.choices[0].parts == second.choices[0].parts, recording.name
        assert (first.usage.input, first.usage.output) == (second.usage.input, second.usage.output)
        assert encoder.losses == ()
        told += 1
    assert told > 35


@pytest.mark.parametrize(
    "model",
    [
        CLAUDE,
        "us.amazon.nova-lite-v1:0",
        "meta.llama3-1-70b-instruct-v1:0",
        "mistral.mistral-7b-instruct-v0:2",
        "amazon.titan-text-express-v1",
        "cohere.command-r-v1:0",
        "openai.gpt-oss-120b-1:0",
    ],
)
def test_chats_are_asked_in_the_words_of_each_family(shared: Path, model: str) -> None:
    """Requests of chat completions, translated: each is read again as the family that the model's id tells."""
    home, told = CHAT["openai-chat"], 0
    for recording in recordings(shared / "data" / "provider-recordings", "openai-chat"):
        if recording.status != 200 or not recording.request_body or told >= 300:
            continue
        request = home.decode_request(recording.request_body)
        encoded = DIALECT.encode_request(request, Target(model), "openai-chat")
        again = DIALECT.decode_request(encoded.body)
        assert "model" not in json.loads(encoded.body)
        assert spelling(again.extensions, NAME, "family")
        told += 1
    assert told > 250
