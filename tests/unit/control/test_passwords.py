import pytest
from argon2 import PasswordHasher

from counterpoint.control.passwords import check_password, hash_password, is_outdated, is_password
from counterpoint.i18n.complaint import Complaint

GOOD = "a short sentence is good"


def test_a_password_is_known_again_and_cannot_be_read_from_what_is_stored() -> None:
    stored = hash_password(GOOD)
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored
    assert is_password(stored, GOOD)
    assert not is_password(stored, GOOD + "!")
    assert not is_password(stored, "")
    assert not is_outdated(stored)


def test_nobody_has_no_password() -> None:
    assert not is_password(None, "nobody's password")
    assert not is_password("no hash", GOOD)


def test_one_that_took_less_work_is_hashed_again() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD))


@pytest.mark.parametrize("weak", ["", "short", "aaaaaaaaaaaaaaaa", "abababababababab", "x" * 300])
def test_easy_ones_are_refused(weak: str) -> None:
    with pytest.raises(Complaint, match="easy to guess"):
        check_password(weak)


def test_any_letters_will_do() -> None:
    assert check_password("pâté, crème & œufs")
