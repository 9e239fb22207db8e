"""The doors of the API, and its streams' media type."""

import json

from counterpoint.dialects.ollama.names import API_VERSION
from tests.unit.dialects.ollama.bodies import DIALECT, PROMPTED


def test_the_doors_that_clients_look_for() -> None:
    doors = {(door.method, door.path): door for door in (*DIALECT.doors, *PROMPTED.doors)}
    assert doors["POST", "/api/chat"].operation == doors["POST", "/api/generate"].operation == "chat"
    assert doors["GET", "/api/tags"].operation == "models"
    assert json.loads(doors["GET", "/api/version"].says) == {"version": API_VERSION}
    assert (
        doors["POST", "/api/pull"].operation == doors["DELETE", "/api/delete"].operation == "administrative"
    )


def test_its_streams_are_lines() -> None:
    assert DIALECT.stream_type == PROMPTED.stream_type == "application/x-ndjson"
    assert DIALECT.address("/api/chat", "chat", stream=True) == "/api/chat"
    assert json.loads(DIALECT.encode_token_count(7)) == {"prompt_eval_count": 7}
