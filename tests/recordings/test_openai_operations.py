"""Every recorded exchange in a relayed operation: it passes as it came, and what it used is read."""

from pathlib import Path

from counterpoint.testing.conformance import NotHeld
from counterpoint.testing.recordings import answers, recordings
from counterpoint.testing.relaying import relayed_dialect, relayed_proofs

FILED = ("openai-images", "openai-audio", "mistral-audio", "openai-moderations")


def test_every_proof_holds(shared: Path) -> None:
    folder = shared / "data" / "provider-recordings"
    passed, faults = 0, {}
    for name in FILED:
        for recording in (*recordings(folder, name), *answers(folder, name)):
            dialect = relayed_dialect(recording)
            assert dialect is not None, recording.name
            for proof, hold in relayed_proofs(dialect, recording):
                try:
                    fault = hold()
                except NotHeld:
                    continue
                if fault:
                    faults[recording.name, proof] = fault
                passed += not fault
    assert faults == {}
    assert passed >= 40
