from tests.unit.cli.conftest import Run


def test_only_a_gateway_that_runs_can_replace_its_workers(run: Run) -> None:
    ran = run("gateway", "--reload")
    assert ran.code == 3
    assert "No gateway runs" in ran.err


def test_parts_need_a_database_that_they_can_share(run: Run) -> None:
    for role in ("gateway", "studio", "worker"):
        ran = run(role)
        assert ran.code == 2
        assert "PostgreSQL" in ran.err
