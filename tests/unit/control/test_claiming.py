"""One of several does it, until it stops asking or says that it is done."""

from counterpoint.control.claiming import Claims
from counterpoint.storage.database import Database


def test_one_at_a_time(database: Database) -> None:
    one, two = Claims(database, "one"), Claims(database, "two")
    assert one.take("tidying")
    if database.is_sqlite:
        return  # it belongs to one process: nobody else is there
    assert not two.take("tidying")
    assert two.take("discovery")
    assert one.take("tidying"), "who has it goes on"
    one.release("tidying")
    assert two.take("tidying")
    assert not one.take("tidying", 60)
    two.take("tidying", -1)
    assert one.take("tidying"), "its time was over"
    two.release("tidying")
    assert not two.take("tidying"), "nobody gives up what another has"
