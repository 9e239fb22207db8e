"""Every recorded exchange with the embeddings API: understood, said again without a difference, relayed."""

import json
from pathlib import Path

from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import EMBED
from counterpoint.testing.conformance import conformance, counts
from counterpoint.testing.recordings import recordings

NAME = "openai-embeddings"
DIALECT = EMBED[NAME]
NOT_HELD = {"the recording holds no request", "the recording holds no answer"}


def test_every_proof_holds(shared: Path) -> None:
    verdicts = conformance(shared / "data" / "provider-recordings", NAME)
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}
    assert {verdict.exception for verdict in verdicts} - {""} <= NOT_HELD
    assert counts(verdicts)["request"][0] > 20


def test_the_relay_changes_the_models_name_alone(shared: Path) -> None:
    for recording in recordings(shared / "data" / "provider-recordings", NAME):
        body = recording.request_body
        sent = DIALECT.rewrite(body, DIALECT.peek(body), Target("other/model"))
        assert json.loads(sent) == {**json.loads(body), "model": "other/model"}, recording.name
