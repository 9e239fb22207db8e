"""What routes are given: the services, pages, the caller's language."""

import re
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Strict
from pydantic_core import PydanticCustomError

from counterpoint.api.flaws import WRITTEN
from counterpoint.api.problems import language
from counterpoint.api.services import Services

CURSOR = 3000
"""Signs of a cursor: in Base64 it holds a path of `knowledge.sources.paths.LONGEST` bytes."""
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}($|[Tt ]\d{2}:\d{2})")


class Input(BaseModel):
    """Base of request bodies: what is not asked for is refused, so that a typing error does not pass unseen, and
    nothing is taken for what it is not, such as `0` for false."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_max_length=10_000)


def _services(request: Request) -> Services:
    found = request.app.state.services
    if not isinstance(found, Services):
        raise TypeError("the application was built without services")
    return found


def address_of(request: Request) -> str:
    """Of the caller, as attempts are counted."""
    return request.client.host if request.client else ""


def written(value: object) -> object:
    """A date or a time as it is written (RFC 3339), not as a number of some unit since some day."""
    if isinstance(value, (int, float)) or (isinstance(value, str) and not _WRITTEN.match(value)):
        raise PydanticCustomError(WRITTEN, "not written as a date or a time (RFC 3339)")
    return value


Given = Annotated[Services, Depends(_services)]
Language = Annotated[str, Depends(language)]
Moment = Annotated[AwareDatetime, Strict(False), BeforeValidator(written)]
Day = Annotated[date, Strict(False), BeforeValidator(written)]
Address = Annotated[str, Depends(address_of)]
Limit = Annotated[int, Query(ge=1, le=500, description="How many items at most.")]
Cursor = Annotated[str | None, Query(max_length=CURSOR, description="`next` of the page before.")]
