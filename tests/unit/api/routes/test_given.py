from datetime import date

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from counterpoint.api.routes.given import Day, Input, Moment


class Example(Input):
    name: str = ""


def test_what_is_not_asked_for_is_refused() -> None:
    assert Example(name="x").name == "x"
    with pytest.raises(ValidationError, match="nmae"):
        Example.model_validate({"nmae": "x"})


def test_limits_have_limits(operator: TestClient) -> None:
    assert operator.get("/api/v1/keys?limit=501").status_code == 422
    assert operator.get("/api/v1/keys?cursor=" + "x" * 501).status_code == 422


class Dated(Input):
    at: Moment
    on: Day | None = None
    sure: bool = False


@pytest.mark.parametrize(
    "given",
    [
        {"at": 0},
        {"at": "0"},
        {"at": "0.5"},
        {"at": True},
        {"at": "2027-01-31T00:00:00"},
        {"at": "2027-01-31T00:00:00Z", "on": 7},
        {"at": "2027-01-31T00:00:00Z", "on": "7"},
        {"at": "2027-01-31T00:00:00Z", "sure": 0},
        {"at": "2027-01-31T00:00:00Z", "sure": "yes"},
    ],
)
def test_nothing_is_taken_for_what_it_is_not(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Dated.model_validate(given)


def test_times_are_as_they_are_written() -> None:
    dated = Dated.model_validate({"at": "2027-01-31T00:00:00+01:00", "on": "2027-01-31", "sure": True})
    assert dated.at.isoformat() == "2027-01-31T00:00:00+01:00"
    assert dated.on == date(2027, 1, 31)
