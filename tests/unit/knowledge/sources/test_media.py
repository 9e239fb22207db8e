import pytest

from counterpoint.knowledge.sources.media import media_type_of


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("hr/Leave.PDF", "application/pdf"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("Q1 / budget.xlsm", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("notes.v2.md", "text/markdown"),
        ("mail.msg", "application/vnd.ms-outlook"),
        ("page.html", "text/html"),
        ("folder.docx/README", ""),
        ("Makefile", ""),
    ],
)
def test_a_name_says_what_people_filter_by(path: str, expected: str) -> None:
    assert media_type_of(path) == expected
