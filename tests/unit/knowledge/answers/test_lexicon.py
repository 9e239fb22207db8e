from counterpoint.knowledge.answers.lexicon import lexicon, stems


def test_opposites_and_synonyms_hold_both_ways() -> None:
    words = lexicon()
    for one, other in (("interdit", "autorise"), ("increase", "decrease"), ("nord", "sud")):
        assert words.opposites[one] & stems(other)
        assert words.opposites[other] & stems(one)
    assert words.same["compani"] & stems("firm")
    assert words.translations["employeur"] & stems("employer")


def test_no_word_is_its_own_opposite() -> None:
    for word, others in lexicon().opposites.items():
        assert word not in others, word
