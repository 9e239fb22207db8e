import pytest

from counterpoint.control import rules
from counterpoint.control.beginning import Beginning, begin
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.publish import build_directory, current_revision
from counterpoint.control.rules import NameRules
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage.database import Database


@pytest.fixture
def begun(database: Database) -> Beginning:
    return begin(database, Vault([new_master_key()]))


@pytest.fixture
def names(database: Database, begun: Beginning) -> NameRules:
    return NameRules(database, begun.organisation_id)


def declare(database: Database, begun: Beginning, aliases: list[tuple[str, str]], *prefer: str) -> None:
    with database.write() as connection:
        rules.declare(connection, begun.organisation_id, aliases, prefer)


def test_rules_are_set_in_order(database: Database, names: NameRules) -> None:
    before = current_revision(database)
    names.replace([("gpt-*", "groq/llama"), ("fast", "local/small")], ["groq", "mistral"])
    assert [(row.kind, row.pattern, row.target) for row in names.book().rows] == [
        ("alias", "gpt-*", "groq/llama"),
        ("alias", "fast", "local/small"),
        ("prefer", "groq", ""),
        ("prefer", "mistral", ""),
    ]
    assert current_revision(database) == before + 1


def test_unusable_rules_are_refused(names: NameRules) -> None:
    with pytest.raises(Complaint, match="not a pattern"):
        names.replace([("a b", "c")], [])
    with pytest.raises(Complaint, match="twice"):
        names.replace([], ["a", "a"])


def test_the_file_owns_what_it_declares(database: Database, begun: Beginning, names: NameRules) -> None:
    declare(database, begun, [("fast", "local/small")], "groq")
    revision = current_revision(database)
    declare(database, begun, [("fast", "local/small")], "groq")
    assert current_revision(database) == revision
    names.replace([("slow", "x/y")], [])
    with pytest.raises(Complaint, match="declared in the configuration file"):
        names.replace([("fast", "x/y")], [])
    with pytest.raises(Complaint, match="one owner"):
        declare(database, begun, [("slow", "x/z")])
    declare(database, begun, [])
    assert [row.pattern for row in names.book().rows] == ["slow"]


def test_replacing_counts_and_knows_who_is_late(
    database: Database, begun: Beginning, names: NameRules
) -> None:
    book = names.replace([("a", "b")], ["groq"], revision=names.book().revision)
    assert [row.pattern for row in book.rows] == ["a", "groq"]
    published = current_revision(database)
    with pytest.raises(Complaint, match="changed this meanwhile") as caught:
        names.replace([], [], revision=book.revision - 1)
    assert caught.value.kind == "stale"
    assert (names.book(), current_revision(database)) == (book, published)
    declare(database, begun, [("c", "d")])
    assert names.book().revision > book.revision


def test_policies_on_losses_are_rules(database: Database, begun: Beginning, names: NameRules) -> None:
    names.replace([], [], [("claude-*", "refuse; severity=meaning"), ("*", "warn")])
    assert [(row.kind, row.pattern) for row in names.book().rows] == [("losses", "claude-*"), ("losses", "*")]
    names.replace([("a", "b")], [])  # what says nothing of losses leaves them
    assert [row.kind for row in names.book().rows] == ["alias", "losses", "losses"]
    with pytest.raises(Complaint, match="policy on losses cannot be read"):
        names.replace([], [], [("x", "perhaps")])
    with database.write() as connection:
        rules.declare(connection, begun.organisation_id, [], [], [("groq/*", "refuse; codes=tool.*")])
    directory = build_directory(database, begun.organisation_id)
    assert [(rule.pattern, rule.policy.policy) for rule in directory.rules.losses] == [
        ("groq/*", "refuse"),
        ("claude-*", "refuse"),
        ("*", "warn"),
    ]
