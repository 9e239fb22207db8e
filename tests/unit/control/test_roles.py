from counterpoint.control.roles import RIGHTS, RIGHTS_OF, ROLES, SETTING_UP, may_manage


def test_every_right_is_somebodys() -> None:
    assert frozenset().union(*RIGHTS_OF.values(), SETTING_UP) == RIGHTS
    assert set(RIGHTS_OF) == set(ROLES)


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert {right.rpartition(".")[2] for right in RIGHTS_OF["auditor"]} == {"me", "own", "read"}


def test_nobody_manages_what_could_do_more_than_he() -> None:
    for actor in ROLES:
        for subject in ROLES:
            if may_manage(actor, subject):
                assert RIGHTS_OF[subject] <= RIGHTS_OF[actor]
    assert [actor for actor in ROLES if may_manage(actor, "owner")] == ["owner"]
    assert may_manage("admin", "admin")
    assert not may_manage("maker", "auditor")
