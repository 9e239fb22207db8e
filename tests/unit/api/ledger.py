"""Entries in the ledger of a test's installation."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from counterpoint.app.compose import Control
from counterpoint.canonical import Loss, Usage
from counterpoint.ledger import Attempt, Entry
from counterpoint.storage import ledger
from counterpoint.storage.clock import to_micros
from tests.entries import make_entry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def write(
    control: Control,
    *,
    model: str = "small",
    host: str = "host",
    hours: int = 0,
    at: datetime | None = None,
    cost: str | None = "0.5",
    status: int = 200,
    **more: Any,
) -> Entry:
    """One exchange of the demo key."""
    (key,) = (key for key in control.keys.list().items if key.name == "demo")
    told: dict[str, Any] = {
        "at": to_micros(at or NOON + timedelta(hours=hours)),
        "organisation": control.beginning.organisation_id,
        "project": key.project_id,
        "key": key.id,
        "requested": model,
        "offering": f"{host}/{model}",
        "host": host,
        "model": model,
        "status": status,
        "usage": Usage(input=1000, output=200, web_searches=1),
        "cost": Decimal(cost) if cost is not None else None,
        "first_event_micros": 250_000,
        "total_micros": 1_500_000,
        "attempts": (Attempt(f"{host}/{model}", status=status, micros=1_400_000),),
        "losses": (Loss("tool.strict", "tools[0]", "degraded", "no strict tools"),),
    }
    entry = make_entry(**(told | more))
    with control.database.write() as connection:
        ledger.add_entries(connection, [entry])
    return entry
