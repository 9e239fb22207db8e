import json

from tests.unit.cli.conftest import Run


def test_contracts_and_rates(run: Run) -> None:
    assert run("prices", "currency", "EUR", "--zone", "Europe/Paris").code == 0
    assert run("prices", "rate", "USD", "0.92", "--source", "bank").code == 0
    assert run("prices", "rate", "USD", "0.93").code == 0
    assert run("prices", "add", "host/*", "--discount", "12.5", "--reference", "F-17").code == 0
    assert run("prices", "add", "large", "--price", "input=1.5", "--price", "output=6").code == 0
    shown = json.loads(run("prices", "list", "--json").out)
    assert (shown["currency"], shown["zone"]) == ("EUR", "Europe/Paris")
    assert [each["rate"] for each in shown["rates"]] == ["0.93"]
    assert [each["offering"] for each in shown["contracts"]] == ["host/*", "large"]
    assert "F-17" in run("prices", "list").out
    assert run("prices", "remove", "1").code == 0
    assert [each["offering"] for each in json.loads(run("prices", "list", "--json").out)["contracts"]] == [
        "large"
    ]
    assert run("prices", "remove", "9").code == 3


def test_what_cannot_be(run: Run) -> None:
    assert run("prices", "add", "host/*").code == 2
    assert run("prices", "add", "host/*", "--price", "inputs=1").code == 2
    assert run("prices", "currency", "euro").code == 2
