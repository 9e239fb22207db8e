"""As whom a request asks: the principals that its caller is at this moment."""

from typing import Annotated

from fastapi import Depends, Request

from counterpoint.api.access import NotSignedIn, caller_of
from counterpoint.api.routes.given import Given
from counterpoint.knowledge.asker import Asker


def asker_of(request: Request, services: Given) -> Asker:
    """Of a person his own principals; of a program those of whoever is signed in. Raises `NotSignedIn`."""
    caller = caller_of(request.scope)
    if caller is None:
        raise NotSignedIn
    return services.groups.asker(
        caller.account,
        login=caller.login or caller.name,
        program=caller.token or caller.key,
        administers="knowledge.read" in caller.rights,
        audits="receipts.read" in caller.rights,
    )


Asking = Annotated[Asker, Depends(asker_of)]
