"""Builds the admin API and its pages from the services it is given."""

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from counterpoint import __version__
from counterpoint.api import problems
from counterpoint.api.access import NotSignedIn, unguarded
from counterpoint.api.auditing import name_act
from counterpoint.api.description import operation_id
from counterpoint.api.guard import Guard, unauthenticated
from counterpoint.api.routes import (
    accounts,
    answers,
    audit,
    budgets,
    catalog,
    documents,
    exports,
    groups,
    health,
    home,
    keys,
    me,
    metrics,
    models,
    pages,
    playground,
    pricing,
    projects,
    providers,
    raises,
    receipts,
    routes,
    rules,
    search,
    session,
    sources,
    standing,
    status,
    tokens,
    usage,
)
from counterpoint.api.services import Services

PREFIX = "/api/v1"
_DESCRIPTION = """
Everything that the studio's pages do. Authenticate with `Authorization: Bearer` and the value of
`COUNTERPOINT_ADMIN_TOKEN`. Errors are problem details (RFC 9457). Lists come in pages: pass `next` as `cursor`.
Times are UTC (RFC 3339); amounts of money are decimal text.
"""


class UnguardedRouteError(RuntimeError):
    """A route neither declares a permission nor is public: a defect, found before anything is served."""


def create_app(services: Services) -> FastAPI:
    """The application. Raises `UnguardedRouteError`."""
    app = FastAPI(
        title="Counterpoint admin API",
        version=__version__,
        description=_DESCRIPTION.strip(),
        openapi_url=None,  # served by a route of ours, which asks for credentials
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Guard, services=services)],
        generate_unique_id_function=operation_id,
        dependencies=[Depends(name_act)],
        # Nothing is measured or sent by the framework, whatever the environment says.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.state.services = services
    problems.install(app)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(pages.router)
    for part in (
        session,
        me,
        home,
        status,
        models,
        catalog,
        providers,
        keys,
        usage,
        standing,
        exports,
        audit,
        rules,
        routes,
        projects,
        playground,
        accounts,
        tokens,
        budgets,
        raises,
        pricing,
        groups,
        sources,
        documents,
        search,
        answers,
        receipts,
    ):
        app.include_router(part.router, prefix=PREFIX)
    if missing := list(unguarded(app)):
        raise UnguardedRouteError(", ".join(missing))
    return app


async def _not_signed_in(request: Request, error: Exception) -> Response:
    return unauthenticated(request)
