"""Long work that a request begins and nobody has to wait for: it goes on in a thread and is asked how it is.

Jobs are remembered by this process only. A pull that a restart cuts short is begun again and resumes there.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from counterpoint.api.shapes.models import JobShape
from counterpoint.canonical.ids import new_id
from counterpoint.engines.sources.base import Progress, Report
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

log = logging.getLogger(__name__)

REMEMBERED = 200


class _StoppedError(Exception):
    """The work was told to stop, at a place where it can: what it has so far is kept."""


class Job:
    """One piece of work. Written by its thread, read by requests; each of its fields is replaced whole."""

    def __init__(self, subject: str) -> None:
        self.id = new_id()
        self.subject = subject
        self.started = datetime.now(UTC)
        self.ended: datetime | None = None
        self.progress = Progress(subject, "resolve")
        self.error: Exception | None = None
        self.stopping = False
        self._over = threading.Event()

    def finish(self, error: Exception | None) -> None:
        """It is over."""
        self.error = error
        self.ended = datetime.now(UTC)
        self._over.set()

    def wait(self, seconds: float) -> bool:
        """Until it is over; false if that takes longer."""
        return self._over.wait(seconds)

    def cancel(self) -> None:
        """Ask it to stop: it does when it next tells how far it is. Of what has ended, nothing changes."""
        self.stopping = True

    def report(self, progress: Progress) -> None:
        """How far it is. Raises `_StoppedError` in the work that was cancelled."""
        self.progress = progress
        if self.stopping:
            raise _StoppedError

    def shape(self, lang: str) -> JobShape:
        """As it is shown."""
        at, ended, running = self.progress, self.ended, self.ended is None
        return JobShape(
            id=self.id,
            kind="pull",
            subject=self.subject,
            state=self._state(),
            phase="stop" if running and self.stopping else at.phase,
            done=at.done,
            total=at.total,
            bytes_per_second=at.rate if running and at.rate > 0 else None,
            seconds_left=at.eta if running else None,
            error=None if isinstance(self.error, _StoppedError) else _told(self.error, lang),
            started_at=self.started,
            ended_at=ended,
        )

    def _state(self) -> Literal["running", "done", "failed", "cancelled"]:
        if self.ended is None:
            return "running"
        if self.error is None:
            return "done"
        return "cancelled" if isinstance(self.error, _StoppedError) else "failed"


class Jobs:
    """Those that run, and the latest that ended."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def start(self, subject: str, work: Callable[[Report], object]) -> Job:
        """Begins. The same subject is worked on once at a time: asked again, its running job is the answer."""
        with self._lock:
            for job in self._jobs.values():
                if job.subject == subject and job.ended is None:
                    return job
            self._forget_some()
            job = Job(subject)
            self._jobs[job.id] = job
        threading.Thread(target=_run, args=(job, work), name=f"job {subject}", daemon=True).start()
        return job

    def find(self, job_id: str) -> Job:
        """Raises `Complaint`."""
        job = self._jobs.get(job_id)
        if job is None:
            raise Complaint("api.unknown_job", kind="not_found", id=job_id)
        return job

    def list(self) -> list[Job]:
        """Newest first."""
        return sorted(self._jobs.values(), key=lambda job: job.id, reverse=True)

    def _forget_some(self) -> None:
        over = [job for job in self.list() if job.ended is not None][REMEMBERED:]
        for job in over:
            del self._jobs[job.id]


def _run(job: Job, work: Callable[[Report], object]) -> None:
    try:
        work(job.report)
    except _StoppedError as error:
        job.finish(error)
    except Exception as error:  # nobody waits for this thread: whoever asks is told
        if not isinstance(error, Complaint):
            log.exception("the job %s failed", job.subject)
        job.finish(error)
    else:
        job.finish(None)


def _told(error: Exception | None, lang: str) -> str | None:
    if error is None:
        return None
    return error.text(lang) if isinstance(error, Complaint) else say("api.defect", lang=lang)
