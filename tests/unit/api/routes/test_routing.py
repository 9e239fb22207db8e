"""What people send of routes becomes what the directory has; amounts are decimal text."""

import pytest

from counterpoint.api.routes.routing import ConstraintsInput, RouteInput
from counterpoint.directory.losspolicy import LossPolicy
from counterpoint.directory.routes import Check, Constraints, Route, Target
from counterpoint.i18n.complaint import Complaint


def test_the_least_that_a_route_needs() -> None:
    sent = RouteInput.model_validate({"name": "r", "targets": [{"model": "m"}]})
    assert sent.route() == Route("r", targets=(Target("m"),))


def test_checks_and_conditions() -> None:
    sent = RouteInput.model_validate(
        {
            "name": "r",
            "policy": "cascade",
            "targets": [{"model": "m", "check": {"kind": "schema", "schema": "{}"}}, {"model": "n"}],
            "session_header": "X-Me",
            "constraints": {"max_input_price": "0.000001", "capabilities": ["tools"], "losses": "warn"},
        }
    )
    route = sent.route()
    assert route.targets[0].check == Check("schema", schema_="{}")
    assert route.session_header == "x-me"
    assert route.constraints == Constraints(
        capabilities=frozenset({"tools"}), max_input_price=1, losses=LossPolicy("warn")
    )


@pytest.mark.parametrize("price", ["two", "NaN", "0.0000001", "1,5"])
def test_what_is_no_price_is_refused(price: str) -> None:
    with pytest.raises(Complaint, match="is not a price"):
        ConstraintsInput(max_output_price=price).constraints()


def test_no_price_is_none() -> None:
    assert ConstraintsInput(max_input_price=" ").constraints() == Constraints()
