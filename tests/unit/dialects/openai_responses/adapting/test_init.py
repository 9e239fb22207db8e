"""Settings and messages are adapted together, each loss declared once."""

from counterpoint.canonical import Image, Media
from tests.unit.dialects.openai_responses.adapting.asking import said, sent


def test_a_request_that_can_be_said_loses_nothing() -> None:
    body, losses = sent(said("user", "Hi", temperature=0.5, max_output=100))
    assert (body["temperature"], body["max_output_tokens"], losses) == (0.5, 100, [])


def test_settings_and_messages_declare_what_they_lose() -> None:
    request = said("user", "see", Image(Media("file", "f")), seed=3)
    _, losses = sent(request)
    assert losses == [("seed", "seed", "degraded"), ("image.file", "messages[0].parts[1]", "meaning")]
