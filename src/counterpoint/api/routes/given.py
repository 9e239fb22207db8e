"""What routes are given: the services, pages, the caller's language."""

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from counterpoint.api.problems import language
from counterpoint.api.services import Services


class Input(BaseModel):
    """Base of request bodies: what is not asked for is refused, so that a typing error does not pass unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=10_000)


def _services(request: Request) -> Services:
    found = request.app.state.services
    if not isinstance(found, Services):
        raise TypeError("the application was built without services")
    return found


Given = Annotated[Services, Depends(_services)]
Language = Annotated[str, Depends(language)]
Limit = Annotated[int, Query(ge=1, le=500, description="How many items at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before.")]
