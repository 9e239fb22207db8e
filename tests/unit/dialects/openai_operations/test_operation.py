"""Where calls of these operations go at a host."""

from counterpoint.dialects.openai_operations import OpenAIImages, OpenAISpeech, OpenAITranscriptions


def test_below_the_hosts_path_as_below_ours() -> None:
    assert OpenAIImages().address("/openai/images", "/v1/images/edits") == "/openai/images/edits"
    assert OpenAITranscriptions().address("/audio", "/v1/audio/translations") == "/audio/translations"
    assert OpenAISpeech().address("/audio/speech", "/v1/audio/speech") == "/audio/speech"
