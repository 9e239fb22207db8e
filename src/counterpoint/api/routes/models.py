"""Models on this machine, and the jobs that fetch them."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from counterpoint.api.access import require
from counterpoint.api.routes.given import Given, Input, Language
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.models import JobShape, LocalModelShape

router = APIRouter(tags=["models"])
_read = [require("models.read")]
_write = [require("models.write")]


class Pull(Input):
    """Which model to fetch."""

    source: str = Field(
        max_length=1000, description="As for `counterpoint models pull`.", examples=["smollm2-135m-instruct"]
    )
    name: str | None = Field(default=None, max_length=100)
    sha256: str | None = Field(default=None, pattern="^[0-9a-fA-F]{64}$")
    kind: Literal["chat", "embed"] | None = None
    replace: bool = False


@router.get("/models", summary="List local models", dependencies=_read)
def list_models(services: Given) -> Page[LocalModelShape]:
    """All, by name, with the state of their processes."""
    return Page(services.models.list(), None)


@router.get("/models/{name}", summary="Show a local model", dependencies=_read)
def show_model(services: Given, name: str) -> LocalModelShape:
    """By its name."""
    return services.models.show(name)


@router.post("/models/pull", status_code=202, summary="Fetch a model", dependencies=_write)
def pull_model(services: Given, lang: Language, pull: Pull) -> JobShape:
    """Begins a job; ask for it at `/jobs/{id}`."""
    sha256 = pull.sha256.lower() if pull.sha256 else None
    job = services.jobs.start(
        pull.source,
        lambda report: services.models.store.pull(
            pull.source, name=pull.name, sha256=sha256, kind=pull.kind, replace=pull.replace, report=report
        ),
    )
    return job.shape(lang)


@router.post("/models/{name}/load", summary="Load a model", dependencies=_write)
async def load_model(services: Given, name: str) -> LocalModelShape:
    """Answers when the model takes calls."""
    await services.models.load(name)
    return await run_in_threadpool(services.models.show, name)


@router.post("/models/{name}/unload", summary="Unload a model", dependencies=_write)
async def unload_model(services: Given, name: str) -> LocalModelShape:
    """Ends the model's process; calls at work fail. The next call loads it again."""
    await run_in_threadpool(services.models.show, name)
    await services.models.unload(name)
    return await run_in_threadpool(services.models.show, name)


@router.delete("/models/{name}", status_code=204, summary="Remove a model", dependencies=_write)
async def remove_model(services: Given, name: str) -> None:
    """Unloads it and deletes its files, but for those that lie elsewhere."""
    await run_in_threadpool(services.models.show, name)
    await services.models.unload(name)
    await run_in_threadpool(services.models.store.remove, name)


@router.get("/jobs", summary="List jobs", dependencies=_read)
def list_jobs(services: Given, lang: Language) -> Page[JobShape]:
    """Those that run, and the latest that ended; newest first."""
    return Page([job.shape(lang) for job in services.jobs.list()], None)


@router.get("/jobs/{job_id}", summary="Show a job", dependencies=_read)
def show_job(services: Given, lang: Language, job_id: str) -> JobShape:
    """How far it is."""
    return services.jobs.find(job_id).shape(lang)
