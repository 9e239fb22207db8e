"""Every recorded exchange about conversations, and about answers that were kept, made in the background, compacted or
counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoint.dialects.registry import CHAT, STATE
from counterpoint.testing.checking import outcome
from counterpoint.testing.recordings import Recording, recordings
from counterpoint.testing.remembering import remembering_dialect, remembering_proofs
from tests.unit.gateway.memory import CHATTY, World, events_of, with_memory


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "provider-recordings"


@pytest.fixture(scope="module")
def conversations(folder: Path) -> list[Recording]:
    return list(recordings(folder, "openai-conversations"))


def test_every_proof_holds(conversations: list[Recording]) -> None:
    assert len(conversations) >= 10
    assert {outcome(recording).bucket for recording in conversations} == {"exact"}
    (state,) = STATE.values()
    for recording in conversations:
        assert remembering_dialect(recording) is state
        assert [name for name, _ in remembering_proofs(state, recording)] == ["request", "answer"]


def test_ours_are_led_as_the_recorded_ones(conversations: list[Recording], tmp_path: Path) -> None:
    async def test(world: World) -> None:
        for recording in conversations:
            told = json.loads(recording.response_body)
            if recording.request_body.strip():
                made = await world.call("POST", recording.endpoint, json.loads(recording.request_body))
                assert made.keys() == told.keys()
                assert (made["object"], made["metadata"]) == (told["object"], told["metadata"])
            else:
                made = await world.call("POST", "/v1/conversations")
                gone = await world.call("DELETE", f"/v1/conversations/{made['id']}")
                assert gone == {**told, "id": made["id"]}

    with_memory(tmp_path, test)


def test_streams_in_the_background_go_as_the_recorded_ones(folder: Path, tmp_path: Path) -> None:
    found = [item for item in recordings(folder, "openai-responses") if "/responses/resp_" in item.endpoint]
    found = [item for item in found if item.response_body.startswith(b"event:")]
    assert found

    async def test(world: World) -> None:
        begun = events_of(await world.create(CHATTY, "one", background=True, stream=True))
        id_ = begun[0]["response"]["id"]
        for recording in found:
            told = events_of(recording.response_body)
            number = told[0]["sequence_number"]
            query = f"?stream=true&starting_after={number - 1}"
            heard = events_of(await world.call("GET", f"/v1/responses/{id_}{query}"))
            assert heard == begun[number:]
            assert shape(begun)[number:] == shape(told)

    with_memory(tmp_path, test)


def shape(events: list[dict[str, Any]]) -> list[str]:
    """What follows what, however often."""
    kinds = [event["type"] for event in events]
    return [kind for place, kind in enumerate(kinds) if place == 0 or kinds[place - 1] != kind]


def test_a_compacted_answer_is_read(folder: Path) -> None:
    dialect = CHAT["openai-responses"]
    found = [item for item in recordings(folder, "openai-responses") if item.endpoint.endswith("/compact")]
    assert found
    for recording in found:
        reading = dialect.read(recording.response_body)
        assert reading.usage.output_total > 0
        dialect.peek(recording.request_body)
