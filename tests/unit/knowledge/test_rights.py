from counterpoint.knowledge import rights


def test_one_principal_in_common_lets_him_see() -> None:
    ada = rights.asker("o", "ada", ["g1"])
    assert ada == {"user:ada", "group:g1", "all:o"}
    assert rights.may_see(ada, ["group:g1"])
    assert not rights.may_see(ada, ["group:g2", "all:other", "user:bob"])
    assert not rights.may_see(ada, [])


def test_whom_both_let_in() -> None:
    everyone = rights.everybody("o")
    assert rights.narrowed({"user:a", "group:g"}, frozenset({"user:a", "user:b"}), everyone) == {"user:a"}
    assert rights.narrowed({"user:a"}, frozenset({everyone}), everyone) == {"user:a"}
    assert rights.narrowed({everyone}, frozenset({"user:a"}), everyone) == {"user:a"}
    assert rights.narrowed((), frozenset({everyone}), everyone) == frozenset()
