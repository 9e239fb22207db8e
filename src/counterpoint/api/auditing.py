"""Every request that may change something is an act: whoever sends it, from where, and what came of it are in the
audit log, also when it changed no row, or was refused."""

import re
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from counterpoint.api.access import SAFE_METHODS, Caller, is_public
from counterpoint.control.audit import Audit, note_quietly
from counterpoint.storage.audit.acting import Act, Actor, ActorKind, current

NOT_ACTS: Final = {
    "/api/v1/gateway/": "calls to models, which are in the ledger",
    "/api/v1/search": "questions",
    "/api/v1/answers": "questions, of whose answers there are receipts",
}
"""What begins so is none, and why."""
_TAKEN_OUT: Final = re.compile(r"/(export|download)$")
_KINDS: Final[dict[str, ActorKind]] = {"token": "token", "service": "service", "session": "account"}
_REFUSED: Final = frozenset({401, 403, 429})


def act_of(request: Request, caller: Caller | None) -> Act | None:
    """What the request does, as far as it is known before it is routed; `None`: it only looks."""
    path, method = request.url.path, request.method
    if method in SAFE_METHODS and not (method == "GET" and _TAKEN_OUT.search(path)):
        return None
    if any(path.startswith(prefix) for prefix in NOT_ACTS):
        return None
    if caller is None and not is_public(method, path):
        return None  # it goes no further
    origin = request.client.host if request.client else ""
    return Act(_actor(caller), f"{method} {path[:200]}", origin)


def _actor(caller: Caller | None) -> Actor:
    if caller is None:
        return Actor("stranger")
    return Actor(_KINDS[caller.kind], caller.account or "", caller.login or caller.name)


async def name_act(request: Request) -> None:
    """A dependency of all routes: the act is called as the route is, whatever ids stand in the path."""
    if request.method not in SAFE_METHODS or _TAKEN_OUT.search(request.url.path):
        act = current()
        path = request.url.path
        for name, value in request.path_params.items():
            path = path.replace(f"/{value}", f"/{{{name}}}", 1)
        act.action = f"{request.method} {path[:200]}"


async def note_rest(audit: Audit, act: Act, status: int) -> None:
    """After the answer: what is not in the log yet. What was not valid, or not there, was no act."""
    if act.noted:
        return
    if status < 400:
        await run_in_threadpool(note_quietly, audit, act, "done")
    elif status in _REFUSED:
        await run_in_threadpool(note_quietly, audit, act, "refused")
