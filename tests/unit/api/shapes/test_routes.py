"""Routes and projects as they are shown: what went in comes out."""

from counterpoint.api.routes.routing import ConstraintsInput
from counterpoint.api.shapes.routes import constraints_shape, project_shape, route_shape
from counterpoint.control.projects import ProjectView
from counterpoint.directory.losspolicy import LossPolicy
from counterpoint.directory.routes import Check, Constraints, Route, Target
from counterpoint.storage.routes import RouteRow

WHOLE = Constraints(
    capabilities=frozenset({"tools", "images"}),
    context=8000,
    max_input_price=2_500_000,
    max_output_price=10_000_000,
    residency=("EU",),
    jurisdictions=("FR",),
    licences=("MIT",),
    open_weights=True,
    makers=("a",),
    hosts=("h",),
    not_makers=("b",),
    not_hosts=("i",),
    losses=LossPolicy("refuse", "meaning"),
)


def test_conditions_come_out_as_they_would_be_sent() -> None:
    shape = constraints_shape(WHOLE)
    assert (shape.max_input_price, shape.max_output_price) == ("2.5", "10")
    assert ConstraintsInput(**vars(shape)).constraints() == WHOLE


def test_a_route_and_its_owner() -> None:
    route = Route("r", "cascade", (Target("m", check=Check("judge", 0.7, judge="j")), Target("n")))
    shape = route_shape(RouteRow("id", route, "file", 1_000_000, 2_000_000, 3))
    assert (shape.owner, shape.revision, shape.updated_at.timestamp()) == ("file", 3, 2.0)
    assert shape.targets[0].check is not None
    assert shape.targets[0].check.judge == "j"
    assert shape.targets[1].check is None


def test_a_project() -> None:
    shape = project_shape(ProjectView("id", "law", "secret", WHOLE, "studio", 1_000_000, 2))
    assert (shape.name, shape.data_class, shape.owner) == ("law", "secret", "studio")
    assert shape.constraints.residency == ["EU"]
