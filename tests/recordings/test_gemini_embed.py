"""Every recorded embedding of the Gemini API: understood, said again without a difference, relayed."""

import json
from pathlib import Path

import pytest

from counterpoint.canonical import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import EMBED
from counterpoint.testing.conformance import conformance, counts
from counterpoint.testing.recordings import recordings

NAME = "gemini-embed"
DIALECT = EMBED[NAME]


def test_every_proof_holds(shared: Path) -> None:
    verdicts = conformance(shared / "data" / "provider-recordings", NAME)
    found = {verdict.recording: verdict.fault or verdict.exception for verdict in verdicts}
    assert {name: what for name, what in found.items() if what} == {}
    assert counts(verdicts)["request"][0] > 10


def test_the_relay_changes_the_models_name_alone(shared: Path) -> None:
    for recording in recordings(shared / "data" / "provider-recordings", NAME):
        body = recording.request_body
        expected = json.loads(body)
        for item in expected.get("requests", []):
            item["model"] = "models/other"
        assert json.loads(DIALECT.rewrite(body, DIALECT.peek(body), Target("other"))) == expected


def test_others_are_asked_for_the_same(shared: Path) -> None:
    """What all texts of a call have in common goes to hosts of other dialects, too."""
    told = 0
    for recording in recordings(shared / "data" / "provider-recordings", NAME):
        request = DIALECT.decode_request(recording.request_body)
        if not request.input:  # pictures among its texts
            with pytest.raises(Refused):
                EMBED["openai-embeddings"].encode_request(request, Target("m"), NAME)
            continue
        encoded = EMBED["openai-embeddings"].encode_request(request, Target("m"), NAME)
        if any(loss.code == "field.requests" for loss in encoded.losses):
            continue
        sent = json.loads(encoded.body)
        assert sent["input"] == list(request.input)
        assert sent.get("dimensions") == request.dimensions
        told += 1
    assert told > 10
