from counterpoint.knowledge.asker import Asker


def test_a_person_is_known_by_his_account_and_a_program_by_its_name() -> None:
    def known(account: str | None, login: str) -> str:
        return Asker("o", frozenset(), account, login).known_as

    assert known("ada", "ada@example.com") == "ada"
    assert known(None, "token one") != known(None, "token two")
    assert len(known(None, "token one")) <= 36
