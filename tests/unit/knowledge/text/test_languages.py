import pytest

from counterpoint.knowledge.text.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Comment déclarer mes revenus ?", "fr"),
        ("Quelle est la durée du congé de maternité", "fr"),
        ("congés payés", "fr"),
        ("What is the notice period?", "en"),
        ("The contract ends when both parties agree.", "en"),
        ("ISO 27001", ""),
        ("", ""),
        ("1 000 | 2 000", ""),
        ("El contrato de trabajo y los derechos del trabajador son muy importantes para la empresa", ""),
        ("Der Vertrag ist nicht mit den Bedingungen vereinbar und wird beendet", ""),
        ("Il contratto di lavoro è stato firmato e gli accordi sono validi anche per la società", ""),
    ],
)
def test_small_words_tell_a_language(text: str, language: str) -> None:
    assert language_of(text) == language
