"""Routes come back as they were stored, whatever is in them."""

from counterpoint.directory.losspolicy import LossPolicy
from counterpoint.directory.routes import Check, Constraints, Retrying, Route, Target, Timeouts
from counterpoint.storage import organisations, routes
from counterpoint.storage.database import Database

WHOLE = Route(
    "careful",
    "cascade",
    targets=(Target("small", check=Check("judge", 0.7, judge="referee")), Target("large")),
    fallbacks=("other/large",),
    constraints=Constraints(
        capabilities=frozenset({"tools"}),
        context=8000,
        max_input_price=1_000_000,
        residency=("EU", "CH"),
        losses=LossPolicy("refuse", "meaning", ("tool.*",)),
    ),
    retrying=Retrying(attempts=3),
    timeouts=Timeouts(total=30.0),
    shadows=("candidate",),
    shadow_share=10,
)


def test_a_route_comes_back_whole(database: Database) -> None:
    with database.write() as connection:
        home = organisations.add_organisation(connection, "acme").id
        routes.add(connection, home, WHOLE, "studio")
        found = routes.by_name(connection, home, "careful", lock=True)
        assert found is not None
        assert (found.route, found.owner, found.revision) == (WHOLE, "studio", 1)
        assert routes.by_name(connection, home, "careless") is None


def test_changes_are_counted_and_removal_forgets(database: Database) -> None:
    with database.write() as connection:
        home = organisations.add_organisation(connection, "acme").id
        routes.add(connection, home, WHOLE, "file")
        routes.add(connection, home, Route("aside"), "studio")
        assert [row.route.name for row in routes.listed(connection, home)] == ["aside", "careful"]
        before = routes.by_name(connection, home, "careful")
        assert before is not None
        routes.change(connection, before.id, Route("careful", targets=(Target("m"),)))
        after = routes.by_name(connection, home, "careful")
        assert after is not None
        assert (after.revision, after.route.targets) == (2, (Target("m"),))
        routes.remove(connection, after.id)
        assert [row.route.name for row in routes.listed(connection, home)] == ["aside"]
