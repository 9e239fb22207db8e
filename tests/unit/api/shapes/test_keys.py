from datetime import UTC, datetime

from counterpoint.api.shapes.keys import key_shape
from counterpoint.storage.keys import KeyRow

DAY = 86_400 * 1_000_000


def row(**values: int | None) -> KeyRow:
    plain = {"created_at": 0, "expires_at": None, "revoked_at": None, "revision": 1} | values
    return KeyRow("i", "n", "p", "project", "o", "studio", (), "cp-a…b", **plain)  # type: ignore[arg-type]  # times and a count


def test_a_key_is_active_until_it_expires() -> None:
    day = datetime(1970, 1, 2, tzinfo=UTC)
    assert key_shape(row(), day).state == "active"
    assert key_shape(row(expires_at=DAY + 1), day).state == "active"
    assert key_shape(row(expires_at=DAY), day).state == "expired"


def test_revoked_is_said_first() -> None:
    shape = key_shape(row(expires_at=1, revoked_at=1))
    assert shape.state == "revoked"
    assert shape.revoked_at == datetime(1970, 1, 1, microsecond=1, tzinfo=UTC)
