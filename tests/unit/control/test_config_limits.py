from decimal import Decimal
from pathlib import Path

from counterpoint.control.budgets.values import NewBudget
from counterpoint.control.config_check import check, load
from counterpoint.control.config_limits import limits_from


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "counterpoint.toml"
    path.write_text(text, "utf-8")
    return path


def test_budgets_and_limits_are_declared(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [[limits]]
        amount = 500
        [[limits]]
        scope = "project"
        subject = "research"
        measure = "tokens"
        per = "minute"
        amount = 200000
        models = ["host/*"]
        route = "small"
        [[limits]]
        scope = "key"
        subject = "research/ci"
        measure = "concurrent"
        amount = 4
        """,
    )
    assert limits_from(load(path, environ={})) == (
        NewBudget(amount=Decimal(500)),
        NewBudget(
            scope="project",
            subject="research",
            measure="tokens",
            per="minute",
            amount=Decimal(200000),
            models=("host/*",),
            route="small",
        ),
        NewBudget(scope="key", subject="research/ci", measure="concurrent", per="total", amount=Decimal(4)),
    )


def test_what_is_wrong_is_told_at_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [[limits]]
        amount = 5
        [[limits]]
        amount = 6
        [[limits]]
        amount = 5
        per = "minute"
        [[limits]]
        amount = 1.5
        measure = "tokens"
        """,
    )
    found = [(problem.path, problem.message[:20]) for problem in check(path, environ={}, lang="en")]
    assert [path for path, _ in found] == ["limits[1]", "limits[2]", "limits[3]"]


def test_words_that_are_none_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, '[[limits]]\namount = 5\nscope = "team"\n')
    (problem,) = check(path, environ={}, lang="en")
    assert problem.path == "limits[0].scope"
