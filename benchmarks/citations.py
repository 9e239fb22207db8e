"""`python -m benchmarks.citations [--json] [--write] [--split dev|test]`: how far checked citations can be trusted.

On the labelled set (`citation_cases`): of the sentences that it lets pass, the share that is right (precision); of the
sentences that are right, the share that it lets pass (recall); per kind and language, how many pass. Nothing was tuned
on the documents of `test`.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.citation_cases import Case, cases
from benchmarks.citation_quotes import Answers, Places, answers, places
from counterpoint.knowledge.answers.support import Verdict, supports

LANGUAGES = ("fr", "en")
PEOPLE = frozenset(
    {
        "question and answer",
        "question, wrong name quoted",
        "author's own words",
        "author's words, wrong source",
    }
)
"""Kinds whose words people chose."""
PAGE = Path("docs/knowledge-figures.md")


class Kind(msgspec.Struct, frozen=True):
    """`passed`: of `count`, shown as supported."""

    kind: str
    language: str
    supported: bool
    count: int
    passed: int


class Figures(msgspec.Struct, frozen=True):
    """`precision`, `recall`: of sentences shown as supported. `wrong_shown`: of all that are shown as supported, the
    share that is not."""

    split: str
    cases: int
    precision: dict[str, float]
    recall: dict[str, float]
    wrong_shown: float
    false_passed: float
    micros_each: int
    kinds: tuple[Kind, ...]


def verdict(case: Case) -> Verdict:
    """Of the checker as it is."""
    return supports(case.sentence, case.quotes, case.language, case.context)


def figures(found: Sequence[Case], split: str) -> Figures:
    """Of one half of the set."""
    mine = [case for case in found if case.split == split]
    begun = time.perf_counter()
    passed = [verdict(case).supported for case in mine]
    micros = int((time.perf_counter() - begun) * 1_000_000 / max(1, len(mine)))
    both = list(zip(mine, passed, strict=True))
    shown = [case for case, through in both if through]
    false = [through for case, through in both if not case.supported]
    return Figures(
        split,
        len(mine),
        {language: _precision(both, language) for language in ("", *LANGUAGES)},
        {language: _recall(both, language) for language in ("", *LANGUAGES)},
        sum(not case.supported for case in shown) / max(1, len(shown)),
        sum(false) / max(1, len(false)),
        micros,
        tuple(_kinds(both)),
    )


def _precision(both: Sequence[tuple[Case, bool]], language: str) -> float:
    shown = [case for case, passed in both if passed and language in {"", case.language}]
    return sum(case.supported for case in shown) / max(1, len(shown))


def _recall(both: Sequence[tuple[Case, bool]], language: str) -> float:
    right = [passed for case, passed in both if case.supported and language in {"", case.language}]
    return sum(right) / max(1, len(right))


def _kinds(both: Sequence[tuple[Case, bool]]) -> list[Kind]:
    names = dict.fromkeys((case.supported, case.kind) for case, _ in both)
    found = []
    for supported, name in sorted(names, key=lambda one: not one[0]):
        for language in LANGUAGES:
            passed = [through for case, through in both if case.kind == name and case.language == language]
            if passed:
                found.append(Kind(name, language, supported, len(passed), sum(passed)))
    return found


def table(measured: Figures) -> str:
    """As Markdown."""
    lines = [
        "| | French | English | both |",
        "|---|---|---|---|",
        *(
            f"| {name} | {values['fr']:.1%} | {values['en']:.1%} | {values['']:.1%} |"
            for name, values in (("precision", measured.precision), ("recall", measured.recall))
        ),
        "",
        (
            f"Of {measured.cases} sentences; of those shown as supported, {measured.wrong_shown:.2%} are not. "
            f"Of all false ones, {measured.false_passed:.2%} pass."
        ),
        "",
        "| kind | right or false | French: pass | English: pass |",
        "|---|---|---|---|",
    ]
    lines[4:4] = ["", _people(measured)]
    by_name: dict[tuple[str, bool], dict[str, Kind]] = {}
    for kind in measured.kinds:
        by_name.setdefault((kind.kind, kind.supported), {})[kind.language] = kind
    for (name, supported), each in by_name.items():
        cells = [
            f"{each[language].passed} of {each[language].count}" if language in each else ""
            for language in LANGUAGES
        ]
        lines.append(f"| {name} | {'right' if supported else 'false'} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _people(measured: Figures) -> str:
    """Rules make most of what is right, and make it easy; this is what rules did not make."""
    mine = [kind for kind in measured.kinds if kind.kind in PEOPLE]
    right = [kind for kind in mine if kind.supported]
    false = [kind for kind in mine if not kind.supported]
    return (
        f"Of sentences in people's own words alone, {sum(kind.passed for kind in right)} of "
        f"{sum(kind.count for kind in right)} right ones are shown as supported, and "
        f"{sum(kind.passed for kind in false)} of {sum(kind.count for kind in false)} false ones."
    )


def quotes_table(there: Places, found: Sequence[Answers]) -> str:
    """As Markdown."""
    told = (
        f"Of {there.of} quotations each, the true place was found for {there.named_right} whose passage was named "
        f"rightly, for {there.named_wrong} of another passage than the one named, for {there.elsewhere} of a page that "
        f"was not shown at all. Of {there.altered} with a number or a word changed, {there.altered_found} were found."
    )
    heads = "| questions | asked | answered | of these, holding the answer | quotations | not word for word |"
    lines = [told, "", heads, "|---|---|---|---|---|---|"]
    for each in found:
        holding = (
            "" if each.holding is None else f"{each.holding} ({each.holding / max(1, each.answered):.0%})"
        )
        answered = f"{each.answered} ({each.answered / each.questions:.0%})"
        cells = (each.asked_of, each.questions, answered, holding, each.quotations, each.wrong)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def put(name: str, text: str) -> None:
    """Into the page, between the marks of that name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text("utf-8")
    if begin not in page or end not in page:
        raise SystemExit(f"{PAGE} has no {begin} and {end}")
    head, _, rest = page.partition(begin)
    PAGE.write_text(f"{head}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", "utf-8")


def shared() -> Path:
    """Where the sets are."""
    return Path(os.environ.get("COUNTERPOINT_SHARED", "../shared")) / "data"


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put it into the page of figures")
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    chosen = parser.parse_args()
    if not shared().is_dir():
        sys.stderr.write(f"The sets are not there: set COUNTERPOINT_SHARED (looked in {shared()}).\n")
        return 1
    measured = figures(cases(shared()), chosen.split)
    there, found = places(shared()), answers(shared())
    if chosen.json:
        everything = {"checker": measured, "places": there, "quotes": found}
        sys.stdout.write(msgspec.json.encode(everything).decode() + "\n")
        return 0
    texts = {"citations": table(measured), "quotations": quotes_table(there, found)}
    sys.stdout.write("\n\n".join(texts.values()) + "\n")
    for name, text in texts.items() if chosen.write else ():
        put(name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
