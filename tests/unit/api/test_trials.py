from counterpoint.api.trials import Trials
from counterpoint.control.probe import Outcome


def test_the_latest_is_remembered_until_something_changes() -> None:
    trials = Trials()
    assert trials.of("p") is None
    trials.put("p", Outcome("timeout", "https://p.example/v1/models"))
    trials.put("p", Outcome("ok", "https://p.example/v1/models"))
    latest = trials.of("p")
    assert latest is not None
    assert latest.outcome.ok
    trials.forget("p")
    assert trials.of("p") is None
