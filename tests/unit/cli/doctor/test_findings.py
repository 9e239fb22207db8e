from counterpoint.cli.doctor.findings import doubtful, fine, told, wrong
from counterpoint.i18n.catalogue import sentences


def test_whatever_is_wrong_comes_with_advice() -> None:
    assert wrong("disk", "disk.full", free="1 B", folder="/x").advice
    assert doubtful("memory", "memory.unknown").state == "warn"
    assert fine("clock", "cli.doctor.clock.fine", today="x").advice is None
    assert told("database", "fail", "gone").message == "gone"


def test_every_problem_has_its_advice() -> None:
    names = sentences("en")
    what = {name.removeprefix("cli.doctor.what.") for name in names if name.startswith("cli.doctor.what.")}
    do = {name.removeprefix("cli.doctor.do.") for name in names if name.startswith("cli.doctor.do.")}
    assert what == do
    assert len(what) > 15
