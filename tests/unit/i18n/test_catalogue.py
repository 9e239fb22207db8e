"""Sentences in the reader's language."""

import pytest

from counterpoint.i18n import negotiate, say
from counterpoint.i18n.catalogue import system_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.5, fr;q=0.7", "fr"),
        ("de, en;q=0.1", "en"),
        ("de", "en"),
        ("", "en"),
        ("fr;q=nonsense, en", "en"),
        ("fr;q=0, en;q=0.1", "en"),
        ("*", "en"),
    ],
)
def test_the_language_that_a_header_prefers(header: str, language: str) -> None:
    assert negotiate(header) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "COUNTERPOINT_LANG": "fr"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_systems_user(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COUNTERPOINT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    system_language.cache_clear()
    try:
        assert system_language() == language
    finally:
        system_language.cache_clear()


def test_a_sentence_that_does_not_exist_is_a_defect() -> None:
    with pytest.raises(KeyError):
        say("no.such.sentence")


def test_values_are_filled_in_and_never_read_as_patterns() -> None:
    assert "{model}" in say("gateway.refusal.unknown_path", lang="en", method="{model}", path="/", doors="")
