import time
import uuid

from counterpoint.canonical.ids import new_id


def test_an_id_is_a_uuid_of_version_7() -> None:
    parsed = uuid.UUID(new_id())
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122


def test_ids_of_one_process_ascend_and_differ() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_begins_with_the_time_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id()).int >> 80
    after = time.time_ns() // 1_000_000
    # Ids made in a burst may run ahead of the clock by a fraction of a millisecond each.
    assert before - 1 <= made <= after + 10
