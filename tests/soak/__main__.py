"""`make soak`: a long one, with a report; its exit code says whether everything held."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.judging import complaints
from tests.soak.soaking import Settings, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak ARGS=…", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (30)")
    parser.add_argument("--rate", type=float, help="calls a second (half of what it takes at most)")
    parser.add_argument("--every", type=float, default=60.0, help="seconds between disturbances (60)")
    given = parser.parse_args()
    seconds = given.minutes * 60
    warm = min(60.0, seconds / 8)
    settings = Settings(seconds, given.rate, warm=warm, every=min(given.every, seconds / 4))
    with tempfile.TemporaryDirectory(prefix="cp-soak-") as folder:
        report = run(Path(folder), settings)
    print(*report.lines(), sep="\n")
    wrong = complaints(report, memory=0.05, slower=1.5)
    print(*(["", "What did not hold:", *wrong] if wrong else ["", "Everything held."]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
