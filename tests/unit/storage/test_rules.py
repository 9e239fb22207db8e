from counterpoint.storage import organisations, rules
from counterpoint.storage.database import Database


def test_rules_keep_their_order_and_their_owner(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "acme").id
        rules.replace(connection, organisation, "alias", "studio", [("b", "1"), ("a", "2")])
        rules.replace(connection, organisation, "alias", "file", [("z", "3")])
        rules.replace(connection, organisation, "prefer", "studio", [("host", "")])
        found = rules.ordered(connection, organisation)
        assert [(rule.pattern, rule.owner) for rule in found if rule.kind == "alias"] == [
            ("z", "file"),
            ("b", "studio"),
            ("a", "studio"),
        ]
        rules.replace(connection, organisation, "alias", "studio", [])
        assert [rule.pattern for rule in rules.ordered(connection, organisation)] == ["z", "host"]
        assert rules.ordered(connection, "other") == []
