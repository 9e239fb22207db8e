"""`make check`: every rule that the project holds its own files to, each reported once, all before it ends.

Usage: python -m scripts.check [step ...]
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.checks import dead, fragments, layout, providers, sentences

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
JSCPD = ("jscpd", "--config", ".jscpd.json", "--fail-on-empty")

Run = tuple[str, ...] | Callable[[Path], list[str]]


@dataclass(frozen=True)
class Step:
    """One of them: a command, or a check of our own."""

    name: str
    run: Run
    without: tuple[str, ...] = field(default=())
    """Environment variables that the command must not see."""


STEPS = (
    # The lock file names the public index; a mirror's address in the environment must not make it look stale.
    Step(
        "lock", ("uv", "lock", "--check", "--quiet"), without=("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX")
    ),
    Step("format", ("ruff", "format", "--check", "--output-format", "concise", ".")),
    Step("lint", ("ruff", "check", "--no-cache", "--quiet", "--output-format", "concise", ".")),
    Step("types", ("mypy", "--no-error-summary")),
    Step("imports", ("lint-imports", "--no-logo")),
    Step("duplicates", (*JSCPD, "src", "scripts", "benchmarks")),
    # Twin dialects have twin tests: what they do in the same few lines may be said twice.
    Step("test twins", (*JSCPD, "--min-tokens", "100", "tests")),
    Step("dead", dead.problems),
    Step("layout", layout.problems),
    Step("providers", providers.problems),
    Step("sentences", sentences.problems),
    Step("changelog", fragments.problems),
    Step(
        "docs",
        ("sphinx-build", "--fail-on-warning", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html"),
    ),
)


def main(names: list[str]) -> int:
    """How many steps found something."""
    unknown = set(names) - {step.name for step in STEPS}
    if unknown:
        sys.exit(f"check: no step {', '.join(sorted(unknown))}; there are {', '.join(s.name for s in STEPS)}")
    return sum(not passed(step) for step in STEPS if not names or step.name in names)


def passed(step: Step) -> bool:
    """Runs one and prints what it found."""
    began = time.monotonic()
    found = findings(step)
    print(f"{'FAILED' if found else 'ok':7}{step.name:12}{time.monotonic() - began:6.1f} s", flush=True)
    if found:
        print("\n".join(f"       {line}" for line in found), flush=True)
    return not found


def findings(step: Step) -> list[str]:
    """What is wrong; nothing when all is well."""
    if callable(step.run):
        return step.run(ROOT)
    program, *arguments = step.run
    environment = {name: value for name, value in os.environ.items() if name not in step.without}
    result = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=ROOT,
        env={**environment, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode == 0:
        return []
    return result.stdout.strip().splitlines() or [f"exit code {result.returncode}"]


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
