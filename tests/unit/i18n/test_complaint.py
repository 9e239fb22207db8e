import pytest

from counterpoint.i18n.complaint import Complaint


def test_a_complaint_is_told_in_the_readers_language() -> None:
    complaint = Complaint("control.keys.not_found", kind="not_found", name="ci")
    assert complaint.text("en").startswith("There is no key named 'ci'.")
    assert complaint.text("fr").startswith("Il n'existe aucune clé nommée « ci ».")
    assert complaint.kind == "not_found"


def test_a_missing_sentence_is_a_defect() -> None:
    with pytest.raises(KeyError):
        Complaint("no.such.sentence").text("en")
