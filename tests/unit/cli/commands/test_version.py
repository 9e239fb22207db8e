from tests.unit.cli.conftest import Run


def test_the_version_and_what_it_stands_on(run: Run) -> None:
    facts = run("version", "--json").json
    assert facts["counterpoint"]
    assert {"python", "system", "sqlalchemy"} <= facts.keys()
    assert facts["python"] in run("version").out
