"""Every recorded exchange with Ollama's own API: understood, said again without a difference, relayed."""

import json
from pathlib import Path

import pytest

from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import CHAT, EMBED
from counterpoint.testing.conformance import Proof, conformance, counts
from counterpoint.testing.recordings import recordings

FOLDER = Path("data") / "provider-recordings"
HELD: dict[str, dict[Proof, int]] = {
    "ollama-chat": {"request": 6, "answer": 4, "stream": 1, "error": 1},
    "ollama-generate": {"request": 3},
}


@pytest.mark.parametrize("name", ["ollama-chat", "ollama-generate", "ollama-embed"])
def test_every_proof_holds(shared: Path, name: str) -> None:
    verdicts = conformance(shared / FOLDER, name)
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}
    assert not any(verdict.exception for verdict in verdicts)
    held = counts(verdicts)
    assert all(held[proof][0] >= number for proof, number in HELD.get(name, {}).items())


@pytest.mark.parametrize("name", ["ollama-chat", "ollama-generate", "ollama-embed"])
def test_the_relay_changes_the_models_name_alone(shared: Path, name: str) -> None:
    for recording in recordings(shared / FOLDER, name):
        body = recording.request_body
        peek = CHAT[name].peek(body) if name in CHAT else EMBED[name].peek(body)
        rewrite = CHAT[name].rewrite if name in CHAT else EMBED[name].rewrite
        assert rewrite(body, peek, Target(peek.model)) == body
        expected = {**json.loads(body), "model": "other/model"}
        assert json.loads(rewrite(body, peek, Target("other/model"))) == expected, recording.name


def test_a_relayed_stream_begins_with_its_first_line(shared: Path) -> None:
    for name in ("ollama-chat", "ollama-generate"):
        for recording in recordings(shared / FOLDER, name):
            if recording.stream:
                relay = CHAT[name].relay(Peek("m", stream=True))
                first = recording.response_body.partition(b"\n")[0]
                assert relay.feed(first) == b""
                assert relay.feed(b"\n") == first + b"\n"
                assert relay.begun


def test_a_model_is_asked_about_by_the_name_that_clients_send(shared: Path) -> None:
    """`/api/show`, in older clients' words too."""
    asked = [recording.request_body for recording in recordings(shared / FOLDER, "ollama-other")]
    assert {CHAT["ollama-chat"].peek(body).model for body in asked} == {"llama3.2:3b", "llama3.1"}


def test_what_is_told_of_a_model_has_the_fields_that_the_server_tells(shared: Path) -> None:
    model = {"id": "m", "name": "M", "created": 1, "context": 8, "capabilities": {"chat"}, "weights": None}
    told = json.loads(CHAT["ollama-chat"].encode_model(model))
    for recording in recordings(shared / FOLDER, "ollama-other"):
        shown = json.loads(recording.response_body)
        assert {"modelfile", "template", "details", "model_info", "modified_at"} <= set(shown) & set(told)
        assert set(told["details"]) == set(shown["details"])
