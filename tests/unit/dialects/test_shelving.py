"""What is stored comes back as it was."""

import msgspec

from counterpoint.dialects.registry import SHELVES
from counterpoint.dialects.shelving import ENDED, Batch, Result


def test_values_survive_their_way_to_disk() -> None:
    batch = Batch("b", "s", "o", "p", "k", "/v1/x", 1, 2, metadata={"a": "b"}, faults=((1, "x"),))
    assert msgspec.json.decode(msgspec.json.encode(batch), type=Batch) == batch
    result = Result("a", 200, msgspec.Raw(b'{"x": 1.0}'))
    again = msgspec.json.decode(msgspec.json.encode(result), type=Result)
    assert (again.id, bytes(again.body)) == ("a", b'{"x": 1.0}')
    assert batch.state not in ENDED


def test_ids_of_the_apis_are_told_apart() -> None:
    prefixes = [shelf.file_prefix for shelf in SHELVES.values()] + [
        shelf.batch_prefix for shelf in SHELVES.values()
    ]
    assert len(set(prefixes)) == len(prefixes)
