from counterpoint.i18n.catalogue import LANGUAGES, say
from counterpoint.knowledge.sources.port import SourceError, VanishedError


def test_what_is_wrong_is_a_sentence_with_its_values() -> None:
    error = SourceError("knowledge.source.unreachable", url="https://example.com/", reason="HTTP 500")
    for language in LANGUAGES:
        told = say(error.reason, lang=language, **error.values)
        assert "https://example.com/" in told
        assert "HTTP 500" in told
    assert not error.lasting
    assert isinstance(VanishedError("knowledge.source.vanished"), SourceError)
