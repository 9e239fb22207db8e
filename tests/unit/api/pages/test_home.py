import re
from datetime import UTC, datetime

import msgspec
import pytest

from counterpoint.api.pages.home import Home, home_page
from counterpoint.api.shapes.models import LocalModelShape
from counterpoint.api.shapes.status import EngineShape, LedgerShape, StatusShape, WorkerShape
from counterpoint.api.shapes.usage import EntryShape, GroupShape

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def status(**changes: object) -> StatusShape:
    plain: dict[str, object] = {
        "state": "ready",
        "version": "1.2.3",
        "gateway": "http://127.0.0.1:8600",
        "started_at": NOON,
        "ledger": LedgerShape(0, 0),
        "workers": [WorkerShape("worker-1", "listening", 1)],
    }
    return StatusShape(**(plain | changes))  # type: ignore[arg-type]  # by name


def model(**changes: object) -> LocalModelShape:
    plain: dict[str, object] = dict.fromkeys(LocalModelShape.__dataclass_fields__)
    plain |= {"name": "tiny", "display": "tiny (demo, English)", "kind": "chat", "state": "ready"}
    plain |= {"capabilities": ["chat"], "size": 98_000_000, "memory_bytes": 1}
    return LocalModelShape(**(plain | changes))  # type: ignore[arg-type]  # by name


def entry(**changes: object) -> EntryShape:
    plain: dict[str, object] = dict.fromkeys(EntryShape.__dataclass_fields__)
    plain |= {"at": NOON, "key": GroupShape("k", "ci"), "offering": "local/tiny", "requested": "tiny"}
    plain |= {"status": 200, "tokens": {"input": 1200, "output": 34}, "cost": "0.0135", "currency": "USD"}
    plain |= {"total_ms": 1412.0}
    return EntryShape(**(plain | changes))  # type: ignore[arg-type]  # by name


def page(lang: str = "en", **changes: object) -> str:
    home = Home(status(), [model()], [entry()], 0)
    return bytes(home_page(lang, msgspec.structs.replace(home, **changes)).body).decode()


def test_it_says_where_to_call_and_how() -> None:
    shown = page()
    assert "http://127.0.0.1:8600/v1</code>" in shown
    assert "&quot;model&quot;: &quot;tiny&quot;" in shown
    assert "demo, English" in shown


def test_without_a_chat_model_the_line_still_works() -> None:
    assert "/v1/models" in page(models=[])
    assert "counterpoint models pull" in page(models=[])


def test_calls_are_shown_in_the_readers_writing() -> None:
    assert "0.0135 USD" in page()
    assert "1,234" in page()
    french = page("fr")
    assert "0,0135 USD" in french
    assert "1\u202f234" in french


def test_an_unknown_price_is_no_zero() -> None:
    assert ">?</td>" in page(entries=[entry(cost=None)])


def test_what_failed_is_said() -> None:
    engine = EngineShape("tiny", "failed", failure="It does not fit into memory.")
    ledger = LedgerShape(0, 9, error="disk full")
    shown = page(status=status(state="degraded", engines=[engine], ledger=ledger))
    assert "Something needs attention" in shown
    assert "It does not fit into memory." in shown
    assert "disk full" in shown


@pytest.mark.parametrize("state", ["ready", "starting", "degraded"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_state_has_a_heading(state: str, lang: str) -> None:
    heading = re.search(r"<h1>.*?</h1>", page(lang, status=status(state=state)))
    assert heading is not None
    assert len(heading[0]) > 60


def test_names_from_outside_stay_text() -> None:
    shown = page(entries=[entry(offering="", requested="<script>alert(1)</script>")])
    assert "<script" not in shown


def test_a_provider_is_suggested_until_there_is_one() -> None:
    assert "counterpoint providers add" in page()
    assert "counterpoint providers add" not in page(providers=1)
