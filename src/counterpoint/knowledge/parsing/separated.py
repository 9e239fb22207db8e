"""Tables as text: csv and tsv, whatever separates their cells."""

import csv
import io
import re
from itertools import islice
from typing import Final

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.outcome import CUT
from counterpoint.knowledge.parsing.plain import characters

MOST_ROWS: Final = 500_000
_DELIMITERS: Final = ",;\t|"
_SAID = re.compile(r"\ufeff?sep=([^\r\n\"])\r?\n", re.IGNORECASE)
"""How spreadsheets say what separates cells: no cell itself."""


def read(data: bytes) -> Parsed:
    """Rows of cells, separated by what separates them most evenly."""
    text, draft = characters(data).replace("\x00", ""), Draft()
    said = _SAID.match(text)
    text = text[said.end() :] if said else text
    delimiter = said[1] if said else delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    try:
        for row in islice(reader, MOST_ROWS + 1):
            rows.append(row)  # noqa: PERF402 - what was read before a bad line is kept
    except csv.Error:
        # A quotation mark that is never closed swallows the rest.
        rows += [line.split(delimiter) for line in text.splitlines()[len(rows) : MOST_ROWS + 1]]
    if len(rows) > MOST_ROWS:
        draft.remark(CUT)
    draft.add_table(rows[:MOST_ROWS])
    return draft.finish()


def delimiter_of(text: str) -> str:
    """What separates cells: found in most lines, equally often in each."""
    lines = [line for line in text[:50_000].splitlines()[:60] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            counts = [len(row) - 1 for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        score = counts.count(usual) / len(counts) * min(usual, 5) if usual else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best
