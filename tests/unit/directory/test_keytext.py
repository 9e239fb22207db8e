import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.directory.keytext import digest_of, has_our_form, hint_of, is_mistyped, make_key

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def test_keys_have_a_form_and_differ() -> None:
    made = {make_key() for _ in range(200)}
    assert len(made) == 200
    assert all(has_our_form(key) and not is_mistyped(key) for key in made)
    assert {len(key) for key in made} == {52}


@given(st.data())
def test_one_wrong_letter_is_noticed(data: st.DataObject) -> None:
    key = make_key()
    where = data.draw(st.integers(3, len(key) - 1))
    letter = data.draw(st.sampled_from([letter for letter in LETTERS if letter != key[where]]))
    assert is_mistyped(key[:where] + letter + key[where + 1 :])


@given(st.integers(3, 51))
def test_a_lost_letter_is_noticed(where: int) -> None:
    key = make_key()
    assert is_mistyped(key[:where] + key[where + 1 :])


@pytest.mark.parametrize("key", ["sk-something-else-entirely", "", "cp-mine", "a-fixed-demo-value"])
def test_other_forms_are_not_called_typing_errors(key: str) -> None:
    assert not is_mistyped(key)


@given(st.text())
def test_any_text_has_a_digest(text: str) -> None:
    assert len(digest_of(text.encode("utf-8", "replace").decode())) == 32


def test_a_hint_gives_little_away() -> None:
    key = make_key()
    assert hint_of(key) == f"cp-{key[3:5]}…{key[-4:]}"
    assert hint_of("sixteen-letters!") == "…s!"
