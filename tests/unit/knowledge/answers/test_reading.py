from counterpoint.knowledge.answers.reading import read


def test_what_a_sentence_says() -> None:
    reading = read("Sauf accord, le salarié ne peut pas refuser plus de 3 jours à Paris.", "fr")
    assert {"except", "not", "may"} <= reading.kinds
    assert [word.folded for word in reading.words if word.name] == ["paris"]
    assert [word.folded for word in reading.words if word.denied] == ["salarie", "refuser"]
    assert [one.unit for one in reading.quantities] == ["day"]


def test_ne_says_by_itself_what_no_other_word_says_for_it() -> None:
    assert "not" in read("La clause ne s'applique plus.", "fr").kinds
    assert "not" in read("Le délai ne peut excéder un mois.", "fr").kinds
    assert {"only"} == read("La prime n'est versée qu'en juin.", "fr").kinds
    assert "not" not in read("Il faut répondre avant que le délai ne soit passé.", "fr").kinds
    assert "not" not in read("Ada est née à Londres et Jean est né à Lyon.", "fr").kinds


def test_a_negation_reaches_no_further_than_its_part() -> None:
    reading = read("The office is not open, but parking is free.", "en")
    assert [word.folded for word in reading.words if word.denied] == ["office", "open"]


def test_a_capital_that_begins_is_no_name() -> None:
    assert not any(word.name for word in read("Employers pay. Employees work.", "en").words)
    assert [word.folded for word in read("Yesterday Marie called.", "en").words if word.name] == ["marie"]
