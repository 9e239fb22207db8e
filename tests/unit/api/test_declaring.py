from typing import Annotated

from fastapi import Depends
from fastapi.dependencies.utils import get_dependant

from counterpoint.api.access import require
from counterpoint.api.declaring import is_tagged, problems_of
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.given import Address


def of(method: str, call: object) -> set[int]:
    return set(problems_of(method, get_dependant(path="/{name}", call=call)))  # type: ignore[arg-type]  # any function


def test_a_route_that_takes_nothing_can_refuse_little() -> None:
    def plain() -> None: ...

    assert of("GET", plain) == {421, 503}


def test_what_a_route_takes_can_be_absent_wrong_or_in_the_way() -> None:
    def taking(limit: int = 1) -> None: ...

    assert of("GET", taking) == {404, 421, 422, 503}
    assert of("POST", taking) == {403, 404, 409, 413, 421, 422, 503}


def test_what_a_route_depends_on_can_refuse() -> None:
    def guarded(caller: Annotated[object, Depends(require("me").dependency)]) -> None: ...

    def counted(address: Address) -> None: ...

    def editing(name: str, revision: Edited, tag: Tag) -> None: ...

    assert {401, 403} <= of("GET", guarded)
    assert {401, 429} <= of("POST", counted)
    assert {412, 428} <= of("PATCH", editing)
    assert is_tagged(get_dependant(path="/", call=editing))
    assert not is_tagged(get_dependant(path="/", call=counted))
