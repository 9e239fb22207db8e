import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoint.storage import organisations
from counterpoint.storage.audit import log
from counterpoint.storage.audit.acting import Act, Actor
from counterpoint.storage.audit.chain import verify
from counterpoint.storage.audit.log import AuditFilter, Change
from counterpoint.storage.database import Database

ACT = Act(Actor("account", "a1", "Ada"), "POST /keys", "10.0.0.1")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


def test_before_there_is_an_organisation_nothing_is_anybodys_act(database: Database) -> None:
    with database.write() as connection:
        assert log.append(connection, ACT) is None


def test_each_organisation_has_a_chain_of_its_own(database: Database) -> None:
    with database.write() as connection:
        for organisation in ("a", "b", "a"):
            log.append(connection, Act(ACT.actor, "x", organisation=organisation))
        places = {anchor.organisation: anchor.sequence for anchor in log.heads(connection)}
    assert places == {"a": 2, "b": 1}


def test_entries_are_found_by_what_they_are_about(database: Database) -> None:
    with database.write() as connection:
        for number in range(4):
            change = Change("key" if number % 2 else "rule", f"id{number}", f"100%_{number}", None, {})
            act = Act(Actor("service", f"s{number}"), f"POST /{number}", organisation="o")
            log.append(connection, act, [change], "refused" if number == 3 else "done")

        def found(**which: object) -> list[int]:
            asked = AuditFilter(organisation="o", **which)  # type: ignore[arg-type]  # as the test says
            return [entry.sequence for entry in log.page(connection, asked, limit=9)]

        assert found() == [4, 3, 2, 1]
        assert found(words="KEY") == [4, 2]
        assert found(words="100%_2") == [3]
        assert found(words="%") == [4, 3, 2, 1]
        assert found(actor="s1") == [2]
        assert found(actor="service", action="POST /2") == [3]
        assert found(outcome="refused") == [4]
        assert found(until=1) == []
        assert [
            entry.sequence for entry in log.page(connection, AuditFilter(organisation="o"), before=3, limit=1)
        ] == [2]
        assert log.find(connection, "o", 2) is not None
        assert log.find(connection, "other", 2) is None


@given(values=st.dictionaries(st.text(max_size=8), VALUES, max_size=3), name=st.text(max_size=20))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_things_are_called_the_chain_holds(
    database: Database, values: dict[str, object], name: str
) -> None:
    with database.write() as connection:
        if not log.heads(connection):
            organisations.add_organisation(connection, "o")
        log.append(
            connection, Act(Actor("account", name, name), name, name), [Change("key", name, name, values)]
        )
        organisation = log.heads(connection)[0].organisation
        lines = list(log.lines(connection, AuditFilter(organisation=organisation)))
    verdict = verify(lines)
    assert verdict.broken is None
    assert json.loads(lines[-1])["hash"] == verdict.last[0].hash
