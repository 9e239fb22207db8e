"""Requests of its own stay as they are; those of others are made to fit."""

from tests.unit.dialects.bedrock_converse.bodies import asked, from_openai, home_again


def test_its_own_requests_are_not_adapted() -> None:
    body = asked(system=[{"text": " "}], toolConfig={"tools": []})
    assert home_again(body) == body


def test_a_request_of_another_dialect() -> None:
    body, losses = from_openai(max_tokens=5)
    assert body == asked(inferenceConfig={"maxTokens": 5})
    assert losses == ()
