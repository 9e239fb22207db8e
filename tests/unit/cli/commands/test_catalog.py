import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run


def test_search_finds_and_filters(run: Run) -> None:
    found = run("catalog", "search", "qwen", "--open", "--capability", "tools", "--limit", "5", "--json").json
    assert len(found["items"]) == 5
    for model in found["items"]:
        assert model["open_weights"] is True
        assert "tools" in model["capabilities"]
        assert {"name", "maker", "context", "licence", "offers"} <= model.keys()
    shown = run("catalog", "search", "qwen", "--open", "--capability", "tools", "--limit", "5")
    assert found["items"][0]["name"] in shown.out
    assert f"--cursor {found['next']}" in shown.err


def test_pages_do_not_overlap(run: Run) -> None:
    first = run("catalog", "search", "llama", "--limit", "10", "--json").json
    second = run("catalog", "search", "llama", "--limit", "10", "--cursor", first["next"], "--json").json
    names = [item["name"] for item in first["items"] + second["items"]]
    assert len(set(names)) == 20


def test_an_offer_has_an_exact_price_or_none(run: Run) -> None:
    model = run("catalog", "show", "gpt-oss-20b", "--json").json
    assert model["offers"]
    for offer in model["offers"]:
        assert offer["input_price"] is None or float(offer["input_price"]) >= 0
    text = run("catalog", "show", "gpt-oss-20b").out
    assert f"{model['offers'][0]['host']}/{model['offers'][0]['id']}" in text


def test_a_price_limit_is_kept(run: Run) -> None:
    found = run("catalog", "search", "--max-input", "0.05", "--limit", "20", "--json").json
    for model in found["items"]:
        assert all(float(offer["input_price"]) <= 0.05 for offer in model["offers"])


def test_an_unknown_name_gets_the_nearest(run: Run) -> None:
    ran = run("catalog", "show", "gpt-os-20b")
    assert ran.code == 3
    assert "gpt-oss-20b" in ran.err


@pytest.mark.parametrize(
    "arguments", [("--max-input", "x"), ("--max-input", "-1"), ("--cursor", "x"), ("--limit", "0")]
)
def test_wrong_input(run: Run, arguments: tuple[str, str]) -> None:
    assert run("catalog", "search", *arguments).code == 2


def test_update_takes_a_checked_file(run: Run, tmp_path: Path, data: Path) -> None:
    bundled = files("counterpoint.catalog") / "data" / "models.json.gz"
    source = tmp_path / "newer.json.gz"
    source.write_bytes(bundled.read_bytes())
    done = run("catalog", "update", str(source), "--json").json
    assert done["models"] > 2000
    assert done["changed"] is True
    assert "already" in run("catalog", "update", str(source)).out
    ran = run("catalog", "update", str(source), "--sha256", "0" * 64)
    assert ran.code == 5
    assert "left as it was" in ran.err
    shutil.rmtree(data)
    source.write_bytes(b"no archive")
    assert run("catalog", "update", str(source)).code == 5


def test_nothing_found_is_no_error(run: Run) -> None:
    ran = run("catalog", "search", "zzzzqqqq", lang="fr")
    assert (ran.code, ran.out) == (0, "")
    assert "Aucun modèle" in ran.err
