"""Which dialect a request comes in by."""

from counterpoint.gateway.doors import Doors

DOORS = Doors()
VERSION = {b"anthropic-version": b"2023-06-01"}


def test_paths_that_two_dialects_share_are_told_apart_by_a_header() -> None:
    assert [item.dialect.name for item in DOORS.find("/v1/models", {})[0]] == ["openai-chat"]
    assert DOORS.find("/v1/models", VERSION)[0][0].dialect.name == "anthropic-messages"


def test_a_paths_argument_may_hold_slashes() -> None:
    entrances, argument = DOORS.find("/v1/models/host/maker/model", {})
    assert (entrances[0].door.operation, argument) == ("model", "host/maker/model")


def test_a_path_is_matched_as_it_was_written() -> None:
    for path in ("/v1/models/", "/v1//models", "/V1/models", "/v1/models/../chat/completions/", ""):
        found, _ = DOORS.find(path, {})
        assert all(item.door.operation == "model" for item in found)
    assert DOORS.find("/v1/models/", {})[0] == []


def test_embeddings_are_refused_in_their_familys_dialect() -> None:
    (entrance,) = DOORS.find("/v1/embeddings", {})[0]
    assert entrance.whole is not None
    assert entrance.dialect.name == entrance.whole.family


def test_what_no_door_takes_is_answered_in_the_dialect_it_seems_to_speak() -> None:
    assert DOORS.speaker(VERSION, "/nowhere").name == "anthropic-messages"
    assert DOORS.speaker({}, "/v1/messages").name == "anthropic-messages"
    assert DOORS.speaker({}, "/nowhere") is DOORS.default


def test_every_door_is_listed_for_people() -> None:
    doors = {"chat/completions", "responses", "messages", "embeddings"}
    assert {f"POST /v1/{door}" for door in doors} <= set(DOORS.paths())


def test_the_clouds_own_addresses_lead_to_the_same_dialects() -> None:
    vertex = "/v1/projects/p/locations/europe-west1/publishers"
    for path, dialect, model in (
        (
            f"{vertex}/anthropic/models/claude-opus-4-5@20251101:rawPredict",
            "vertex-anthropic",
            "claude-opus-4-5@20251101",
        ),
        (f"{vertex}/anthropic/models/openai/gpt-5:streamRawPredict", "vertex-anthropic", "openai/gpt-5"),
        (f"{vertex}/anthropic/models/count-tokens:rawPredict", "vertex-anthropic", ""),
        (f"{vertex}/google/models/gemini-2.5-pro:generateContent", "gemini-generate", "gemini-2.5-pro"),
        ("/v1beta1/publishers/google/models/gemini-2.5-pro:countTokens", "gemini-generate", "gemini-2.5-pro"),
        ("/openai/deployments/gpt-5/chat/completions", "openai-chat", "gpt-5"),
        ("/openai/v1/chat/completions", "openai-chat", ""),
        ("/openai/deployments/e/embeddings", "openai-chat", "e"),
        ("/openai/v1/responses", "openai-responses", ""),
    ):
        entrances, argument = Doors().find(path, {})
        assert [entrance.dialect.name for entrance in entrances] == [dialect], path
        assert argument == model
    assert (
        Doors().find("/v1/projects/p/q/locations/l/publishers/google/models/m:generateContent", {})[0] == []
    )
