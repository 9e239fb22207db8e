"""Every recorded exchange with Claude on Vertex AI: understood, said again without a difference, and relayed."""

from pathlib import Path

import pytest

from counterpoint.dialects.base import Asked, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import FILED, Verdict, conformance, counts
from counterpoint.testing.crossing import JOURNEYS, Journey, journeys
from counterpoint.testing.recordings import recordings

VERTEX = CHAT["vertex-anthropic"]
OWN = [journey for journey in JOURNEYS if VERTEX.name in (journey.home, journey.abroad)]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "provider-recordings"


@pytest.fixture(scope="module")
def verdicts(folder: Path) -> list[Verdict]:
    return conformance(folder, VERTEX.name)


def test_every_recording_is_held_to_every_proof(verdicts: list[Verdict]) -> None:
    assert not [verdict for verdict in verdicts if verdict.fault or verdict.exception]
    held = counts(verdicts)
    assert held["request"][0] >= 6
    assert held["answer"][0] >= 4
    assert held["stream"][0] >= 2


def test_relayed_bodies_are_sent_as_they_came(folder: Path) -> None:
    for name in FILED[VERTEX.name]:
        for recording in recordings(folder, name):
            stream = name.endswith("-stream")
            peek = VERTEX.peek(recording.request_body, Asked("claude-3-7-sonnet@20250219", stream))
            assert peek.stream is stream
            target = Target("claude-3-7-sonnet@20250219")
            assert VERTEX.rewrite(recording.request_body, peek, target) == recording.request_body


@pytest.mark.parametrize("journey", OWN, ids=lambda journey: journey.name)
def test_there_and_back_nothing_changes_silently(folder: Path, journey: Journey) -> None:
    changed = [name for name, crossing in journeys(folder, journey) if crossing.silent]
    assert changed == []
