from counterpoint.knowledge.asker import Asker


def test_a_person_is_known_by_his_account_and_a_program_by_its_name() -> None:
    def known(account: str | None, login: str) -> str:
        return Asker("o", frozenset(), account, login).known_as

    assert known("ada", "ada@example.com") == "ada"
    assert known(None, "token one") != known(None, "token two")
    assert len(known(None, "token one")) <= 36


def test_whoever_is_given_the_name_of_another_program_is_not_that_one() -> None:
    def known(program: str) -> str:
        return Asker("o", frozenset(), None, "token reports", program=program).known_as

    assert known("t1") == known("t1") != known("t2")
    assert len(known("t1")) <= 36
