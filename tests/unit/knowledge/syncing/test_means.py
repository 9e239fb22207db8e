from sqlalchemy import update

from counterpoint.knowledge.syncing.means import Held, claimed
from counterpoint.storage.knowledge_tables import documents as table
from tests.knowing import Knowing


def test_what_is_held_is_nobody_else_s_and_free_at_the_end(knowing: Knowing) -> None:
    row = knowing.source("upload")
    knowing.upload(row, "a.txt", b"x")
    means, one, two = knowing.means(), Held(knowing.means()), Held(knowing.means())
    rows, owners = claimed(means, one, "read", 10)
    assert ([each.path for each in rows], list(owners)) == (["a.txt"], [row.id])
    with one.documents([each.id for each in rows]):
        assert claimed(means, two, "read", 10) == ([], {})
    assert knowing.documents(row)["a.txt"].tries == 0
    assert len(claimed(means, two, "read", 10)[0]) == 1


def test_what_is_held_is_renewed(knowing: Knowing) -> None:
    row = knowing.source("upload")
    knowing.upload(row, "a.txt", b"x")
    means, one, two = knowing.means(), Held(knowing.means()), Held(knowing.means())
    (mine,) = claimed(means, one, "read", 10)[0]
    with one.documents([mine.id]), one.name("a name") as ours:
        assert ours
        knowing.change_documents(lambda connection: connection.execute(update(table).values(until=1)))
        one.renew()
        assert claimed(means, two, "read", 10) == ([], {})


def test_a_name_is_one_s_own(knowing: Knowing) -> None:
    one = Held(knowing.means())
    with one.name("a name") as ours:
        assert ours
        with one.name("a name") as again:
            assert not again
        with one.name("another") as other:
            assert other
    with one.name("a name") as ours:
        assert ours


def test_an_embedded_database_belongs_to_one_process(knowing: Knowing) -> None:
    row = knowing.source("upload")
    knowing.upload(row, "a.txt", b"x")
    means, dead, living = knowing.means(), Held(knowing.means()), Held(knowing.means())
    claimed(means, dead, "read", 10)
    living.begin()
    assert len(claimed(means, living, "read", 10)[0]) == (1 if knowing.database.is_sqlite else 0)


def test_a_source_is_told_the_marks_that_it_told(knowing: Knowing) -> None:
    row = knowing.source("upload")
    knowing.upload(row, "a.txt", b"x")
    source = knowing.means().opened(row)
    assert source.rights() is None
