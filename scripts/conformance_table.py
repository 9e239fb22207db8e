"""Writes docs/conformance.md from what every dialect makes of the recorded exchanges; a test keeps it fresh.

Usage: python -m scripts.conformance_table [FOLDER], where FOLDER holds the recordings (default: in the shared data).
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from counterpoint.dialects.registry import CHAT, EMBED, RERANK
from counterpoint.testing.conformance import PROOFS, Verdict, conformance, counts
from counterpoint.testing.crossing import JOURNEYS, Crossing, Journey, journeys
from counterpoint.testing.same import EQUIVALENCES

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "conformance.md"
RECORDINGS = Path("data", "provider-recordings")

HEAD = """\
# Conformance

What every dialect makes of real exchanges: recordings that eighteen open-source projects published of their calls
to providers, OpenAI-compatible hosts included, and answers recorded without their requests. This page is written by
`python -m scripts.conformance_table`; a test fails when it is stale. The recordings themselves are not part of the
product; those meant here have the fingerprint `{fingerprint}`.

## In its own dialect

- **request**: decodes to canonical and encodes back to the same JSON: equal in every value, nulls, unknown fields and
  spellings (a string or a list, `max_tokens` or `max_completion_tokens`) included. Order and white space do not count.
- **answer**: decodes; encoded and decoded again it is the same answer; the relay, which reads only a few fields of the
  passing bytes, reads the same usage, model, id and finish. An answer with a good status that tells of a failure
  counts as understood when both read the same failure.
- **stream**: whole, byte by byte and in three random cuts it gives the same events in a valid order; the relay passes
  every byte on and reads the same usage and model.
- **error**: gives a failure with the status and the message, which a client is shown again.
"""
ACROSS = """\
## Across dialects

Every recorded request is translated to the other dialect and back, for a model of the other maker. Each difference
must be declared as a loss, which the gateway tells in a response header and records. `exact`: it comes home as it was.
`cosmetic`: with losses that have no effect on the answer. `lossy`: with losses that may have one, such as a tool that
only its own host can run. `silent`: something changed that nobody declared.
"""


def fingerprint(folder: Path) -> str:
    """Which set of recordings it is."""
    index = (folder / "index.jsonl").read_bytes() + (folder / "index-responses-only.jsonl").read_bytes()
    return sha256(index).hexdigest()[:16]


def page(
    folder: Path,
    verdicts: Mapping[str, Sequence[Verdict]],
    crossings: Mapping[Journey, Mapping[str, Crossing]],
) -> str:
    """The whole page."""
    lines = [
        HEAD.format(fingerprint=fingerprint(folder)),
        *_own(verdicts),
        *_hosts(verdicts),
        *_exceptions(verdicts),
    ]
    return "\n".join([*lines, ACROSS, *_across(crossings)]) + "\n"


def _own(verdicts: Mapping[str, Sequence[Verdict]]) -> Iterator[str]:
    yield from _table("dialect", *PROOFS)
    for dialect, judged in verdicts.items():
        held = counts(judged)
        yield _row(f"`{dialect}`", *(_of(held.get(proof)) for proof in PROOFS))
    yield ""


def _hosts(verdicts: Mapping[str, Sequence[Verdict]]) -> Iterator[str]:
    yield "### By provider\n"
    yield from _table("dialect", "provider", *PROOFS)
    for dialect, judged in verdicts.items():
        by_provider: dict[str, list[Verdict]] = defaultdict(list)
        for verdict in judged:
            by_provider[verdict.provider].append(verdict)
        for provider in sorted(by_provider, key=lambda name: (-len(by_provider[name]), name)):
            held = counts(by_provider[provider])
            yield _row(f"`{dialect}`", provider, *(_of(held.get(proof)) for proof in PROOFS))
    yield ""


def _exceptions(verdicts: Mapping[str, Sequence[Verdict]]) -> Iterator[str]:
    yield "### Exceptions\n"
    yield "Every recording that did not pass, by name.\n"
    yield from _table("recording", "proof", "reason")
    for judged in verdicts.values():
        for verdict in judged:
            if verdict.exception or verdict.fault:
                reason = verdict.exception or f"**fails**: {verdict.fault}"
                yield _row(f"`{verdict.recording}`", verdict.proof, reason)
    yield ""


def _across(crossings: Mapping[Journey, Mapping[str, Crossing]]) -> Iterator[str]:
    yield from _table("from", "to", "and back", "requests", "exact", "cosmetic", "lossy", "silent")
    for journey, found in crossings.items():
        outcomes = Counter(crossing.outcome for crossing in found.values())
        told = [str(outcomes[name]) for name in ("exact", "cosmetic", "lossy", "failing")]
        yield _row(f"`{journey.home}`", f"`{journey.abroad}`", journey.there.model, str(len(found)), *told)
    yield "\n### Losses\n"
    yield "In how many requests each loss was declared, on the way there or back.\n"
    yield from _table("from", "loss", "severity", "requests")
    for journey, found in crossings.items():
        yield from _losses(journey, found)
    yield "\n### Two ways to write the same\n"
    yield "What the comparison across dialects does not call a difference.\n"
    for name, reason in EQUIVALENCES.items():
        yield f"- *{name}*: {reason}"


def _losses(journey: Journey, found: Mapping[str, Crossing]) -> Iterator[str]:
    told: Counter[tuple[str, str]] = Counter()
    for crossing in found.values():
        told.update({(loss.code, loss.severity) for loss in crossing.losses})
    for (code, severity), number in sorted(told.items(), key=lambda item: (-item[1], item[0])):
        yield _row(f"`{journey.home}`", f"`{code}`", severity, str(number))


def _table(*heads: str) -> Iterator[str]:
    yield _row(*heads)
    yield _row(*("---" for _ in heads))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _of(held: tuple[int, int] | None) -> str:
    return "" if held is None else f"{held[0]:,} of {held[1]:,}"


def judge(folder: Path) -> tuple[dict[str, list[Verdict]], dict[Journey, dict[str, Crossing]]]:
    """Everything the page is made of."""
    verdicts = {name: conformance(folder, name) for name in (*CHAT, *EMBED, *RERANK)}
    return verdicts, {journey: dict(journeys(folder, journey)) for journey in JOURNEYS}


def main() -> None:
    """Write the page."""
    shared = Path(os.environ.get("COUNTERPOINT_SHARED") or ROOT.parent / "shared")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / RECORDINGS
    PAGE.write_text(page(folder, *judge(folder)), "utf-8")


if __name__ == "__main__":
    main()
