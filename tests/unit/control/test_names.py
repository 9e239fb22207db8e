import pytest

from counterpoint.control.names import check_name, check_patterns, check_slug
from counterpoint.i18n.complaint import Complaint


@pytest.mark.parametrize("name", ["a", "CI of team Ω", "x" * 100])
def test_names_for_people(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", " a", "a ", "a\nb", "x" * 101, "\u202eevil"])
def test_names_that_would_confuse_are_refused(name: str) -> None:
    with pytest.raises(Complaint, match="cannot be a name"):
        check_name(name)


@pytest.mark.parametrize("name", ["groq", "corp-azure", "a", "in.house_2"])
def test_names_in_model_names(name: str) -> None:
    assert check_slug(name) == name


@pytest.mark.parametrize("name", ["", "Groq", "a/b", "-a", "a-", "a b", "é", "a" * 101, "a\n"])
def test_names_that_would_break_a_model_name_are_refused(name: str) -> None:
    with pytest.raises(Complaint, match="name of a provider"):
        check_slug(name)


def test_patterns() -> None:
    assert check_patterns(["mistral/*", "gpt-?"]) == ("mistral/*", "gpt-?")
    for pattern in ("", "a b", "x" * 201, "a\tb"):
        with pytest.raises(Complaint, match="not a pattern"):
            check_patterns(["fine", pattern])
