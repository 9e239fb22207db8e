"""The bundled catalogue is there and large; a fetched one takes its place only if it is usable and not older."""

import sys
from pathlib import Path
from subprocess import run

import msgspec
import pytest

from counterpoint.catalog.archive import pack
from counterpoint.catalog.loading import ARCHIVE, FOLDER, bundled, load


def store(data: Path, content: bytes) -> Path:
    path = data / FOLDER / ARCHIVE
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_the_bundled_catalogue_is_as_large_as_promised() -> None:
    catalog = load()
    assert catalog.origin == "bundled"
    assert catalog.problem == ""
    assert len(catalog.models) > 2000
    assert len(catalog.hosts) > 100
    priced = sum(
        listing.prices is not None for host in catalog.hosts for listing in catalog.listings_at(host)
    )
    assert priced > 7000
    with_country = [model for model in catalog.models if model.maker and catalog.makers[model.maker].country]
    assert len(with_country) > 1800
    assert sum(model.open_weights is not None for model in catalog.models) > 1400
    assert sum(bool(model.licence) for model in catalog.models) > 1000


def test_a_fetched_catalogue_takes_precedence_unless_it_is_older(tmp_path: Path) -> None:
    newer = msgspec.structs.replace(bundled(), date="2099-01-01")
    path = store(tmp_path / "newer", pack(newer))
    assert load(tmp_path / "newer").origin == str(path)
    assert load(tmp_path / "newer").date == "2099-01-01"
    store(tmp_path / "older", pack(msgspec.structs.replace(bundled(), date="2000-01-01")))
    assert load(tmp_path / "older").origin == "bundled"
    assert load(tmp_path / "nothing there").origin == "bundled"


@pytest.mark.parametrize("content", [b"", b"broken", pack(msgspec.structs.replace(bundled(), schema=999))])
def test_one_that_cannot_be_used_is_named_and_does_not_stop_the_start(tmp_path: Path, content: bytes) -> None:
    path = store(tmp_path, content)
    catalog = load(tmp_path)
    assert catalog.origin == "bundled"
    assert str(path) in catalog.problem


def test_the_operators_hosts_come_on_top(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER / "hosts"
    folder.mkdir(parents=True)
    (folder / "inhouse.toml").write_text('display = "In house"\n')
    extra = tmp_path / "more.toml"
    extra.write_text('[groq]\ndisplay = "Our Groq"\n')
    catalog = load(tmp_path, hosts=[extra])
    assert catalog.hosts["inhouse"].origin == "operator"
    assert catalog.hosts["groq"].display == "Our Groq"
    assert load().hosts["groq"].display == "Groq"


def test_what_a_worker_imports_does_not_bring_the_loader() -> None:
    program = (
        "import sys; import counterpoint.catalog.prices, counterpoint.catalog.search;"
        "print([name for name in sys.modules if name.startswith('counterpoint.catalog.')])"
    )
    found = run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    for heavy in ("loading", "archive", "catalog.catalog", "naming", "hosts"):
        assert f"catalog.{heavy}'" not in found, found
