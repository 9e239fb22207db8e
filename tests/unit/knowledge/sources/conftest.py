"""A web site, and what its sources may reach."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoint.knowledge.sources.port import Bounds
from tests.sites import Site, site


@pytest.fixture
def web() -> Iterator[Site]:
    """Without a page yet."""
    with site() as told:
        yield told


@pytest.fixture
def bounds(tmp_path: Path) -> Bounds:
    """This machine may be called, and the test's folder read."""
    return Bounds(tmp_path / "work", folders=(tmp_path,), networks=("127.0.0.0/8",), largest=1 << 20)
