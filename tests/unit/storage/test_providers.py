from counterpoint.storage import organisations, providers
from counterpoint.storage.database import Database


def test_a_row_is_added_changed_and_removed(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "acme").id
        made = providers.add(
            connection,
            organisation,
            name="b",
            host="h",
            base_url=None,
            dialects={},
            settings={"region": "eu"},
            models=None,
            owner="studio",
            enabled=True,
        )
        row = providers.by_name(connection, organisation, "b")
        assert row is not None
        assert (row.id, row.settings, row.models, row.found_models) == (made, {"region": "eu"}, None, None)
        providers.put_found_models(connection, made, ["m2", "m1"])
        providers.change(connection, made, enabled=False, models=["x"])
        (row,) = providers.listed(connection, organisation)
        assert (row.found_models, row.models, row.enabled) == (("m2", "m1"), ("x",), False)
        assert row.found_at is not None
        assert providers.by_name(connection, "other", "b") is None
        providers.remove(connection, made)
        assert providers.listed(connection, organisation) == []
