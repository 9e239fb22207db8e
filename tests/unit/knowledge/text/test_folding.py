from counterpoint.knowledge.text.folding import folded


def test_a_word_is_the_same_with_accents_and_without() -> None:
    assert folded("Élève") == "eleve"
    assert folded("ŒUVRE") == "oeuvre"
    assert folded("e\u0301te\u0301") == "ete"
    assert folded("co\u00adop\u200bération") == "cooperation"
    assert folded("ﬁn") == "fin"
    assert folded("Straße") == "strasse"
