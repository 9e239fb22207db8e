"""Writes what `usage_at_scale` measured into `docs/benchmarks.md`, a part for each database, the others kept."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
LIMIT_MS = 300
PAINT_MS = 1500


def marks(database: str) -> tuple[str, str]:
    """Between which the part of a database stands."""
    return tuple(f"<!-- usage at scale, {database}: {end} -->" for end in ("begin", "end"))  # type: ignore[return-value]  # two of them


def as_markdown(found: dict[str, Any]) -> str:
    """One run."""
    machine = found["machine"]
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[found["database"]]
    lines = [
        f"### {name}, {found['entries']:,} entries",
        "",
        (
            f"- {found['at']} UTC; {machine['cpu']}, {machine['cores']} cores; load average before "
            f"{machine['load_average']}, after {found['load_after']}; Python {found['python']}"
        ),
        f"- command: `{found['command']}`",
        f"- {found['groups']:,} groups, {found['sums']:,} sums, {found['megabytes']:,} MB"
        + (f"; {found['written_per_second']:,} entries/s written" if found["written_per_second"] else ""),
        f"- the control process's peak after all questions: {found['process']['peak_megabytes']} MB",
    ]
    if export := found.get("export"):
        lines.append(
            f"- export of {export['rows']:,} exchanges as CSV: {export['seconds']:.0f} s, the process grew by "
            f"{export['grown']:.0f} MB"
        )
    if paint := found.get("paint"):
        verdict = "reached" if paint["first_paint_p95"] <= PAINT_MS else "**missed**"
        lines.append(
            f"- the usage page in Chromium, nothing cached: first paint p50 {paint['first_paint_p50']} ms, p95 "
            f"{paint['first_paint_p95']} ms (at most {PAINT_MS}: {verdict}); chart and table with data p50 "
            f"{paint['data_p50']} ms, p95 {paint['data_p95']} ms"
        )
    lines += [
        "",
        "| question | asked in ways | p50 ms | p95 ms | at most 300 |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for each in found["answers"]:
        verdict = "reached" if each["p95"] <= LIMIT_MS else "**missed**"
        lines.append(
            f"| {each['group']} | {each['questions']} | {each['p50']:.0f} | {each['p95']:.0f} | {verdict} |"
        )
    return "\n".join(lines)


def write(found: dict[str, Any]) -> None:
    """Into the page, between the marks of that database, and as JSON beside the other results."""
    begin, end = marks(found["database"])
    text = PAGE.read_text("utf-8")
    before, opened, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise RuntimeError(f"{PAGE.name} lacks the marks between which the figures go")
    PAGE.write_text(f"{before}{begin}\n\n{as_markdown(found)}\n\n{end}{after}", "utf-8")
    results = ROOT / "benchmarks" / "results" / f"usage-{found['database']}.json"
    results.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
