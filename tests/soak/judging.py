"""What a soak must show. Bounds are given by who knows how long it was: a short one has hardly warmed up."""

from tests.soak.soaking import Report

MEBIBYTE = 1 << 20
NOISE = 2 * MEBIBYTE
"""By so much memory may grow whatever the share: allocators keep arenas."""
FILES = 40
"""Connections to hosts and from clients come and go."""
QUICK = 0.02
"""Seconds below which nobody is slow."""


def complaints(report: Report, *, memory: float, slower: float) -> list[str]:
    """`memory`: by what share a process may grow; `slower`: how much the last third may be slower than the first."""
    found = [f"a call went wrong: {each}" for each in report.seen.wrong[:20]]
    if report.lost:
        found.append(f"{report.lost} whole answers have no ledger entry")
    if report.twice:
        found.append(f"{report.twice} ledger entries are there twice")
    for each in report.growths:
        if each.memory[1] - each.memory[0] > max(NOISE, memory * each.memory[0]):
            found.append(f"the memory of {each.name} grew by {each.share:.1%}")
        if each.files[1] > each.files[0] + FILES:
            found.append(f"{each.name} opened files and did not close them")
    first, last = report.p99
    if last > max(QUICK, first * slower):
        found.append(f"the last third was slower: p99 {last * 1e3:.1f} ms instead of {first * 1e3:.1f} ms")
    return found
