from datetime import UTC, datetime

import msgspec

from counterpoint.api.shapes.status import EngineShape, LedgerShape, StatusShape


def test_a_status_is_json() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    status = StatusShape(
        "ready", "1", "http://x", now, LedgerShape(0, 0), engines=[EngineShape("m", "ready")]
    )
    plain = msgspec.json.decode(msgspec.json.encode(status))
    assert plain["started_at"] == "2026-01-01T00:00:00Z"
    assert plain["engines"][0]["failure"] is None
