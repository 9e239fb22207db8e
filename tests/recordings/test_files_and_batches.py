"""Every recorded exchange about files and batches: understood, and answered with no field less."""

from pathlib import Path

from counterpoint.testing.conformance import NotHeld
from counterpoint.testing.recordings import recordings
from counterpoint.testing.storing import shelf_dialect, shelf_proofs

FILED = ("openai-files", "openai-batches", "anthropic-files", "anthropic-batches")


def test_every_proof_holds(shared: Path) -> None:
    passed, faults = 0, {}
    for name in FILED:
        for recording in recordings(shared / "data" / "provider-recordings", name):
            dialect = shelf_dialect(recording)
            if dialect is None:
                assert "crewai_plus" in recording.endpoint, recording.name  # a program's own telemetry
                continue
            for proof, hold in shelf_proofs(dialect, recording):
                try:
                    fault = hold()
                except NotHeld:
                    continue
                if fault:
                    faults[recording.name, proof] = fault
                passed += not fault
    assert faults == {}
    assert passed > 90
