"""What is published of cascades is what the product does with the recorded answers."""

from pathlib import Path

import pytest

from benchmarks.cascade.arenas import arena
from benchmarks.cascade.curves import apgr, cpt
from benchmarks.cascade.page import PAGE, as_markdown, marks


def test_the_published_figures_are_what_the_command_writes(shared: Path) -> None:
    found = arena("routellm", shared / "data")
    begin, end = marks(found.name)
    published = PAGE.read_text("utf-8").split(begin)[1].split(end)[0].strip()
    assert as_markdown(found, found.replayed()) == published


def test_a_curve_is_measured_as_the_paper_does() -> None:
    mixing = [(0.0, 0.0), (1.0, 1.0)]
    assert apgr(mixing) == pytest.approx(0.5)
    assert cpt(mixing, 0.8) == pytest.approx(0.8)
    steep = [(0.0, 0.0), (0.2, 1.0), (1.0, 1.0)]
    assert apgr(steep) == pytest.approx(0.9)
    assert cpt(steep, 0.5) == pytest.approx(0.1)
    dear = [(0.0, 0.0), (2.0, 1.0), (1.0, 1.0)]
    assert apgr(dear) == pytest.approx(0.5)
    assert cpt([(0.0, 0.0), (1.0, 0.4)], 0.5) is None
