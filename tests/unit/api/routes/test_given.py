import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from counterpoint.api.routes.given import Input


class Example(Input):
    name: str = ""


def test_what_is_not_asked_for_is_refused() -> None:
    assert Example(name="x").name == "x"
    with pytest.raises(ValidationError, match="nmae"):
        Example.model_validate({"nmae": "x"})


def test_limits_have_limits(operator: TestClient) -> None:
    assert operator.get("/api/v1/keys?limit=501").status_code == 422
    assert operator.get("/api/v1/keys?cursor=" + "x" * 501).status_code == 422
