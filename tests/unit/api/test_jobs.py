import threading

import pytest

from counterpoint.api.jobs import REMEMBERED, Jobs
from counterpoint.engines.sources.base import Progress, Report
from counterpoint.i18n.complaint import Complaint


def test_a_job_tells_how_far_it_is() -> None:
    halfway, go_on = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        report(Progress("m", "download", 50, 100, 10.0, 5.0))
        halfway.set()
        assert go_on.wait(30)

    jobs = Jobs()
    job = jobs.start("m", work)
    assert halfway.wait(30)
    shape = job.shape("en")
    assert (shape.state, shape.done, shape.total, shape.seconds_left) == ("running", 50, 100, 5.0)
    assert jobs.start("m", work) is job
    go_on.set()
    job.wait(30)
    shape = jobs.find(job.id).shape("en")
    assert (shape.state, shape.seconds_left) == ("done", None)
    assert shape.ended_at is not None


def test_a_failure_is_told_in_the_readers_language() -> None:
    def complain(report: Report) -> None:
        raise Complaint("control.keys.revoked", kind="conflict", name="x")

    def break_down(report: Report) -> None:
        raise RuntimeError("with a secret in it")

    jobs = Jobs()
    complaint, defect = jobs.start("a", complain), jobs.start("b", break_down)
    complaint.wait(30)
    defect.wait(30)
    assert "révoquée" in (complaint.shape("fr").error or "")
    assert "secret" not in (defect.shape("en").error or "secret")


def test_ended_jobs_are_forgotten_in_time() -> None:
    jobs = Jobs()
    for number in range(REMEMBERED + 20):
        jobs.start(str(number), lambda report: None).wait(30)
    assert len(jobs.list()) <= REMEMBERED + 2
    assert jobs.list()[0].subject == str(REMEMBERED + 19)
    with pytest.raises(Complaint, match="no job with the id x"):
        jobs.find("x")


def test_a_job_that_is_cancelled_stops_where_it_tells_how_far_it_is() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        report(Progress("m", "download", 1, 100, 10.0, 5.0))
        begun.set()
        assert cancelled.wait(30)
        report(Progress("m", "download", 2, 100))
        raise AssertionError("it went on")

    job = Jobs().start("m", work)
    assert begun.wait(30)
    assert job.shape("en").bytes_per_second == 10.0
    job.cancel()
    assert (job.shape("en").state, job.shape("en").phase) == ("running", "stop")
    cancelled.set()
    job.wait(30)
    ended = job.shape("en")
    assert (ended.state, ended.error, ended.bytes_per_second) == ("cancelled", None, None)


def test_what_has_ended_is_not_cancelled() -> None:
    job = Jobs().start("m", lambda report: None)
    job.wait(30)
    job.cancel()
    assert job.shape("en").state == "done"
