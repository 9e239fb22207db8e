"""Models on this machine, and the jobs that fetch them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from counterpoint.api.access import require
from counterpoint.api.routes.given import Cursor, Given, Input, Language, Limit
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.models import JobShape, LocalModelShape, ShelfShape
from counterpoint.control.paging import cut

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
def list_models(
    services: Given,
    limit: Limit = 500,
    cursor: Cursor = None,
    kind: Literal["chat", "embed"] | None = None,
    state: Literal["stopped", "loading", "ready", "failed"] | None = None,
    q: Annotated[str, Query(max_length=200, description="Part of a name.")] = "",
) -> Page[LocalModelShape]:
    """By name, with the state of their processes."""
    found = [
        model
        for model in services.models.list()
        if kind in {None, model.kind}
        and state in {None, model.state}
        and q.lower() in f"{model.name}\0{model.display}".lower()
    ]
    found.sort(key=lambda model: model.name)
    page = cut("models", found, lambda model: model.name, cursor=cursor, limit=limit)
    return Page(list(page.items), page.next)


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


@router.get("/pullable", summary="List what can be pulled", dependencies=_read)
def list_pullable(services: Given) -> ShelfShape:
    """Models that can be had by name alone, and the memory and disk that there is for them."""
    return services.models.shelf()


@router.get("/jobs", summary="List jobs", dependencies=_read)
def list_jobs(
    services: Given,
    lang: Language,
    limit: Limit = 500,
    cursor: Cursor = None,
    state: Literal["running", "done", "failed"] | None = None,
) -> Page[JobShape]:
    """Those that run, and the latest that ended; newest first."""
    found = [shape for job in services.jobs.list() if state in {None, (shape := job.shape(lang)).state}]
    page = cut("jobs", found, lambda job: job.id, cursor=cursor, limit=limit, backwards=True)
    return Page(list(page.items), page.next)


@router.get("/jobs/{job_id}", summary="Show a job", dependencies=_read)
def show_job(services: Given, lang: Language, job_id: str) -> JobShape:
    """How far it is."""
    return services.jobs.find(job_id).shape(lang)


@router.post("/jobs/{job_id}/cancel", summary="Cancel a job", dependencies=_write)
def cancel_job(services: Given, lang: Language, job_id: str) -> JobShape:
    """It stops at the next block of bytes; what it has is kept, so that the same pull goes on from there. A job
    that has ended stays as it is."""
    job = services.jobs.find(job_id)
    job.cancel()
    return job.shape(lang)
