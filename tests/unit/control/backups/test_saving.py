"""How far it is, and how long it takes on; test_restoring has what a backup holds."""

from counterpoint.control.backups.saving import Pace


def test_the_time_that_is_left_shrinks_to_nothing() -> None:
    told: list[tuple[int, int, float | None]] = []
    pace = Pace(10, lambda *now: told.append(now))
    pace.step(0)
    pace.step(5)
    pace.step(5)
    assert [(done, total) for done, total, _ in told] == [(0, 10), (5, 10), (10, 10)]
    assert told[0][2] is None
    assert told[1][2] is not None
    assert told[2][2] == 0
