import msgspec
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.syncing import state
from counterpoint.knowledge.syncing.state import SECOND, Sync

NOW = 1_700_000_000 * SECOND


def test_a_sync_is_due_when_it_is_asked_for_and_when_its_time_has_come() -> None:
    assert not state.due(Sync(), 0, NOW)
    assert state.due(Sync(), 60, NOW)
    assert state.due(Sync(asked_at=NOW), 0, NOW)
    done = state.ended(state.begun(Sync(asked_at=NOW), NOW), NOW + 5)
    assert not state.due(done, 0, NOW + 10**12)
    assert not state.due(done, 60, NOW + 59 * SECOND)
    assert state.due(done, 60, NOW + 60 * SECOND)


def test_one_whose_worker_died_is_due() -> None:
    assert state.due(state.begun(Sync(), NOW), 0, NOW)


def test_what_failed_is_tried_again_ever_later_but_no_later_than_its_time() -> None:
    sync, waits = Sync(asked_at=NOW), []
    for _ in range(20):
        sync = state.ended(state.begun(sync, NOW), NOW, "knowledge.source.vanished")
        assert not state.due(sync, 0, NOW)
        assert state.due(sync, 0, sync.next_at)
        assert state.due(sync, 600, NOW + 600 * SECOND)
        waits.append(sync.next_at - NOW)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (30 * SECOND, 6 * 3600 * SECOND)
    assert sync.succeeded_at == 0
    assert state.ended(sync, NOW).tries == 0


def test_a_look_at_everything_but_something_is_fresh_and_says_what_it_missed() -> None:
    sync = state.ended(
        state.begun(Sync(), NOW), NOW, "knowledge.source.access_broken", {"path": "x"}, partly=True
    )
    assert (sync.succeeded_at, sync.tries, sync.error) == (NOW, 0, "knowledge.source.access_broken")
    assert not state.due(sync, 0, NOW + 10**12)


def test_how_it_stands_in_a_word() -> None:
    asked = Sync(asked_at=NOW)
    running = state.begun(asked, NOW)
    assert [
        state.standing(each)
        for each in (Sync(), asked, running, state.ended(running, NOW), state.ended(running, NOW, "x"))
    ] == ["never", "waiting", "running", "done", "failed"]


def test_how_long_it_takes_is_estimated() -> None:
    sync = state.begun(Sync(), NOW)
    assert state.per_minute(30, sync, NOW + 60 * SECOND) == 30
    assert state.per_minute(0, sync, NOW + 60 * SECOND) is None
    assert state.per_minute(30, sync, NOW) is None
    assert state.per_minute(300, sync, NOW + 3600 * SECOND) == 60
    assert state.seconds_left(15, 30.0) == 30
    assert state.seconds_left(15, None) is None
    assert state.seconds_left(0, 30.0) is None


@given(st.integers(0, 10**18), st.text(), st.dictionaries(st.text(), st.text()))
def test_a_row_keeps_it(at: int, error: str, values: dict[str, str]) -> None:
    sync = Sync(asked_at=at, error=error, values=values)
    assert state.sync_of(msgspec.json.decode(msgspec.json.encode(state.row_of(sync)))) == sync
