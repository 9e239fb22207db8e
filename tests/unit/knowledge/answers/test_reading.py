from counterpoint.knowledge.answers.reading import read


def test_what_a_sentence_says() -> None:
    reading = read("Sauf accord, le salarié ne peut pas refuser plus de 3 jours à Paris.", "fr")
    assert {"except", "not", "may"} <= reading.kinds
    assert [word.folded for word in reading.words if word.name] == ["paris"]
    assert [word.folded for word in reading.words if word.denied] == ["salarie", "refuser"]
    assert [one.unit for one in reading.quantities] == ["day"]


def test_a_negation_reaches_no_further_than_its_part() -> None:
    reading = read("The office is not open, but parking is free.", "en")
    assert [word.folded for word in reading.words if word.denied] == ["office", "open"]


def test_a_capital_that_begins_is_no_name() -> None:
    assert not any(word.name for word in read("Employers pay. Employees work.", "en").words)
    assert [word.folded for word in read("Yesterday Marie called.", "en").words if word.name] == ["marie"]
