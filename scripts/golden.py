"""Writes the golden snapshots, the matrix that ships in the package, and its page; a test keeps all three fresh.

`tests/golden/<dialect>/<case>.json` holds what a client of that dialect writes, and what every other dialect makes of
it. Usage: python -m scripts.golden
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.canonical import ChatRequest, ChatResponse, Loss, Refused
from counterpoint.dialects.base import ChatDialect, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.checking import journey
from counterpoint.testing.crossing import cross
from counterpoint.testing.matrix import Cell, Matrix, markdown
from counterpoint.testing.substance import changes, substance
from scripts.golden_cases import CASES, MODEL, Case

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
MATRIX = ROOT / "src" / "counterpoint" / "testing" / "matrix.json"
PAGE = ROOT / "docs" / "dialects.md"
_HUB = "canonical"
"""The dialect that a golden request comes in: none."""
_GRAVE = ("degraded", "meaning")


def client_request(case: Case, home: ChatDialect) -> bytes | None:
    """The case in the words of `home`; `None` where it has none for it."""
    if case.request is None or (case.written and home.name not in case.written):
        return None
    try:
        target = _willing(home.name)
        encoded = home.encode_request(case.request, target, _HUB)
    except Refused:
        return None
    if _unsaid(case, encoded.losses):
        return None
    value = {**json.loads(encoded.body), **case.written.get(home.name, {})}
    return json.dumps(value, ensure_ascii=False).encode()


def _willing(home: str) -> Target:
    """The most willing host of `home`: it takes all that any does."""
    others = [name for name in CHAT if name != home]
    quirks = frozenset[str]().union(*(journey(home, other).back for other in others))
    there = journey(others[0], home).there
    return Target(there.model, quirks=quirks | there.quirks)


def _unsaid(case: Case, losses: tuple[Loss, ...]) -> bool:
    return any(loss.severity in _GRAVE and loss.code not in case.near for loss in losses)


def upstream_answer(case: Case, upstream: ChatDialect, asked: ChatRequest | None) -> ChatResponse | None:
    """The case's answer as a host of `upstream` gives it; `None` where it cannot."""
    if case.answer is None:
        return None
    try:
        encoded = upstream.encode_response(case.answer, _HUB, asked)
    except Refused:
        return None
    if _unsaid(case, encoded.losses):
        return None
    return upstream.decode_response(encoded.body)


def snapshot(case: Case, home: ChatDialect) -> dict[str, Any] | None:
    """What a client of `home` writes, and what every other dialect makes of it; `None`: it can neither ask nor be
    answered so."""
    body = client_request(case, home)
    if body is None and not _can_show(case, home):
        return None
    targets = {
        name: one
        for name, abroad in CHAT.items()
        if abroad is not home and (one := _target(case, home, abroad, body))
    }
    return {"case": case.name, "request": json.loads(body) if body else None, "targets": targets}


def _can_show(case: Case, home: ChatDialect) -> bool:
    if case.answer is None or case.request is not None:
        return False
    return upstream_answer(case, home, _plain_request()) is not None


def _plain_request() -> ChatRequest:
    request = CASES[0].request
    assert request is not None
    return request


def _target(case: Case, home: ChatDialect, abroad: ChatDialect, body: bytes | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    asked = _plain_request() if body is None else home.decode_request(body)
    if body is not None:
        plan = journey(home.name, abroad.name)
        try:
            encoded = abroad.encode_request(asked, plan.there, home.name)
        except Refused as refused:
            return {"refused": refused.failure.code or refused.failure.kind.value}
        there = cross(body, home, abroad, plan.there, Target(asked.model or MODEL, quirks=plan.back))
        silent = [f"{item.path} {item.kind}" for item in there.silent]
        told = {"losses": _losses(encoded.losses), "request": json.loads(encoded.body)}
        if silent:
            told["silent"] = silent
    answer = upstream_answer(case, abroad, asked)
    if answer is not None:
        shown = home.encode_response(answer, abroad.name, asked)
        changed = list(changes(substance(answer), substance(home.decode_response(shown.body)), shown.losses))
        told |= {"answer_losses": _losses(shown.losses), "answer": _steady(json.loads(shown.body))}
        if changed:
            told["silent"] = [*told.get("silent", []), *(f"answer: {name}" for name in changed)]
    return told


def _losses(losses: tuple[Loss, ...]) -> list[str]:
    return [f"{loss.code};{loss.severity};{loss.path}" for loss in losses]


_TIMES = {"created", "created_at", "completed_at", "createTime"}


def _steady(value: Any) -> Any:
    """An answer without what each writing makes anew: ids of items, the time."""
    if isinstance(value, dict):
        return {
            name: "~"
            if name in _TIMES or (name.lower().endswith("id") and isinstance(item, str))
            else _steady(item)
            for name, item in value.items()
        }
    return [_steady(item) for item in value] if isinstance(value, list) else value


def snapshots() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Client dialect, case, and what is written for it."""
    for name, home in CHAT.items():
        for case in CASES:
            one = snapshot(case, home)
            if one is not None:
                yield name, case.name, one


def written(one: dict[str, Any]) -> str:
    """A snapshot as its file has it: a line for each target, so that a change is seen."""
    head = {name: item for name, item in one.items() if name != "targets"}
    lines = [
        f"    {json.dumps(name)}: {json.dumps(target, ensure_ascii=False)}"
        for name, target in one["targets"].items()
    ]
    start = json.dumps(head, ensure_ascii=False)[1:-1]
    return "{" + start + ', "targets": {\n' + ",\n".join(lines) + "\n}}\n"


def matrix(every: dict[tuple[str, str], dict[str, Any]]) -> Matrix:
    """What the snapshots come to. A loss that even plain text has is told with the text alone."""
    cells: dict[str, dict[str, dict[str, Cell]]] = {}
    for home in CHAT:
        for abroad in CHAT:
            if abroad == home:
                continue
            row = cells.setdefault(home, {}).setdefault(abroad, {})
            usual = _codes(every, home, abroad, "text")
            for case in CASES:
                one = every.get((home, case.name))
                target = one["targets"].get(abroad) if one else None
                if target:
                    row[case.name] = _cell(target, frozenset() if case.name == "text" else usual)
    return Matrix(tuple(case.name for case in CASES), cells)


def _codes(every: dict[tuple[str, str], dict[str, Any]], home: str, abroad: str, case: str) -> frozenset[str]:
    target = every.get((home, case), {"targets": {}})["targets"].get(abroad, {})
    return frozenset(_cell(target, frozenset()).codes) if target else frozenset()


def _cell(target: dict[str, Any], usual: frozenset[str]) -> Cell:
    if "refused" in target:
        return Cell("refused", (target["refused"],))
    losses = [*target.get("losses", []), *target.get("answer_losses", [])]
    codes = dict.fromkeys(code for loss in losses if (code := loss.partition(";")[0]) not in usual)
    return Cell("lossy" if codes else "exact", tuple(codes))


def files() -> dict[Path, str]:
    """Every file that is written, and what is in it."""
    every = {(home, case): one for home, case, one in snapshots()}
    found = {GOLDEN / home / f"{case}.json": written(one) for (home, case), one in every.items()}
    whole = matrix(every)
    found[MATRIX] = msgspec.json.encode(whole).decode() + "\n"
    found[PAGE] = markdown(whole, tuple(CHAT), tuple(CHAT), page=True)
    return found


def silent() -> list[str]:
    """Snapshots in which something changed that nobody declared."""
    return [
        f"{home} {case} {name}: {', '.join(target['silent'])}"
        for home, case, one in snapshots()
        for name, target in one["targets"].items()
        if "silent" in target
    ]


def main() -> None:
    """Write them all."""
    if GOLDEN.is_dir():
        shutil.rmtree(GOLDEN)
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
