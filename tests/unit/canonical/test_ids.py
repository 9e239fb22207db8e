import time
import uuid

import pytest

from counterpoint.canonical.ids import id_millis, new_id


def test_an_id_is_a_uuid_of_version_7() -> None:
    parsed = uuid.UUID(new_id())
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122


def test_ids_of_one_process_ascend_and_differ() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_tells_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = id_millis(new_id())
    after = time.time_ns() // 1_000_000
    # Ids made in a burst may run ahead of the clock by a fraction of a millisecond each.
    assert before - 1 <= made <= after + 10


@pytest.mark.parametrize("text", ["", "nonsense", str(uuid.UUID(int=0)), str(uuid.uuid4())])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="UUIDv7"):
        id_millis(text)
