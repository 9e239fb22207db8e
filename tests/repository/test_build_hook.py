"""Whoever builds the package gets the studio in it, or is told why not."""

from pathlib import Path
from typing import Any

import pytest

from scripts import build_hook, studio
from scripts.build_hook import NODE, StudioHook


def hook(root: Path) -> StudioHook:
    return StudioHook(str(root), {}, None, None, str(root), "wheel")  # type: ignore[arg-type]  # it asks neither


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUNTERPOINT_BUILD_STUDIO", raising=False)
    monkeypatch.setattr(studio, "is_built", lambda: False)


def test_node_comes_along_where_there_is_none(
    repository: Path, unbuilt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "has_node", lambda: False)
    assert hook(repository).dependencies() == [NODE]
    monkeypatch.setattr(studio, "has_node", lambda: True)
    assert hook(repository).dependencies() == []


def test_pages_that_cannot_be_built_stop_the_build(
    repository: Path, unbuilt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "main", lambda arguments: 1)
    with pytest.raises(RuntimeError, match="COUNTERPOINT_BUILD_STUDIO=0"):
        hook(repository).initialize("standard", {})


def test_who_wants_no_studio_gets_none(
    repository: Path, unbuilt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(arguments: list[str]) -> int:
        raise AssertionError("it was built")

    monkeypatch.setattr(studio, "main", fail)
    data: dict[str, Any] = {}
    hook(repository).initialize("editable", data)
    monkeypatch.setenv("COUNTERPOINT_BUILD_STUDIO", "0")
    hook(repository).initialize("standard", data)
    assert hook(repository).dependencies() == []


def test_a_source_distribution_brings_its_pages(tmp_path: Path, unbuilt: None) -> None:
    assert hook(tmp_path).dependencies() == []
    assert build_hook.StudioHook.PLUGIN_NAME == "custom"
