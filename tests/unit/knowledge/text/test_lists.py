from counterpoint.knowledge.text.lists import (
    LANGUAGES,
    abbreviations,
    languages_for,
    openers,
    stop_words,
    telling_words,
)


def test_stop_words_are_known_with_and_without_accents() -> None:
    assert {"à", "a", "été", "déjà"} & stop_words("fr") == {"à", "a"}
    assert "the" in stop_words("en")
    assert all(word == word.lower() for language in LANGUAGES for word in stop_words(language))


def test_a_word_that_both_have_tells_neither() -> None:
    own, _ = telling_words()
    assert not own["fr"] & own["en"]
    assert "on" not in own["fr"] | own["en"]


def test_an_unknown_language_takes_the_rules_of_both() -> None:
    assert languages_for("fr") == ("fr",)
    assert languages_for("de") == LANGUAGES
    assert abbreviations("never", "") >= abbreviations("never", "fr") | abbreviations("never", "en")
    assert openers("") >= {"The", "Le"}
