import json
import threading

from counterpoint.api.live import Feed, event
from counterpoint.api.services import Services
from counterpoint.control.roles import RIGHTS_OF
from tests.unit.api.conftest import StillRunning


def told(feed: Feed) -> list[tuple[str, dict[str, object]]]:
    events = [part.split("\n") for part in feed.news().decode().split("\n\n") if part]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in events]


def test_the_present_first_then_only_what_changes(services: Services, running: StillRunning) -> None:
    feed = Feed(services, RIGHTS_OF["owner"], "en")
    assert [name for name, _ in told(feed)] == ["status", "exchanges"]
    assert told(feed) == []
    running.ready = False
    running.shipped = 3
    status, exchanges = told(feed)
    assert status[1]["state"] == "starting"
    assert exchanges == ("exchanges", {"added": 3, "shipped": 3})


def test_a_job_is_told_from_its_beginning_to_its_end(services: Services) -> None:
    feed = Feed(services, RIGHTS_OF["user"], "en")
    assert told(feed) == []
    go = threading.Event()
    job = services.jobs.start("a model", lambda report: go.wait(10))
    assert [(name, shape["state"]) for name, shape in told(feed)] == [("job", "running")]
    go.set()
    assert job.wait(10)
    assert [(name, shape["state"]) for name, shape in told(feed)] == [("job", "done")]


def test_form() -> None:
    assert event("job", b"{}") == b"event: job\ndata: {}\n\n"
