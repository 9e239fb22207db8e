"""Ledger entries for tests: one with chosen fields, or any at all."""

from typing import Any

from hypothesis import strategies as st

from counterpoint.canonical import Loss, Usage
from counterpoint.canonical.ids import new_id
from counterpoint.ledger import Attempt, Entry

ENTRIES = st.builds(
    Entry,
    id=st.uuids().map(str),
    at=st.integers(0, 2**53),
    operation=st.sampled_from(["chat", "embed", "count_tokens"]),
    client_dialect=st.just("openai-chat"),
    requested=st.text(max_size=20),
    usage=st.builds(Usage, input=st.integers(0, 10**9), reasoning=st.integers(0, 10**6)),
    cost=st.none() | st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=12),
    attempts=st.lists(st.builds(Attempt, offering=st.text(max_size=9)), max_size=3).map(tuple),
    losses=st.just((Loss("tool.strict", "tools[0]", "degraded"),)) | st.just(()),
)


def make_entry(**changes: Any) -> Entry:
    values: dict[str, Any] = {
        "id": new_id(),
        "at": 1_700_000_000_000_000,
        "operation": "chat",
        "client_dialect": "openai-chat",
    }
    return Entry(**(values | changes))
