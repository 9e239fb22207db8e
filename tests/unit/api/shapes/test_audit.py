from counterpoint.api.shapes.audit import audit_shape, verdict_shape
from counterpoint.storage.audit.chain import Broken, Verdict
from counterpoint.storage.audit.log import AuditEntry, Change


def test_an_entry_is_told_as_it_stands() -> None:
    change = Change("key", "k1", "ci", None, {"name": "ci"})
    actor = {"kind": "account", "id": "a", "name": "Ada"}
    entry = AuditEntry("o", 7, 1_000_001, actor, "10.0.0.1", "POST /keys", "done", (change,), "p", "h")
    shape = audit_shape(entry)
    assert (shape.sequence, shape.at.microsecond, shape.actor.name, shape.hash) == (7, 1, "Ada", "h")
    assert shape.changes[0].after == {"name": "ci"}


def test_a_verdict_names_what_is_broken() -> None:
    assert verdict_shape(Verdict(3, (), anchors=2)).whole
    broken = verdict_shape(Verdict(3, (), Broken("altered", 4, "o", 4)))
    assert (broken.whole, broken.fault, broken.sequence) == (False, "altered", 4)
