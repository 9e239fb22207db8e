"""Why a file could not be read: a value that travels from the child that tried, and a sentence's id in it.

A reason is about the file and says what can be done (`knowledge.unreadable.…`); a remark (`knowledge.remark.…`) is
about a part of a file that was read all the same.
"""

import msgspec

from counterpoint.knowledge.documents import Parsed


class Unreadable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file without a text. `reason`: an i18n id; `values`: what fills it. `lasting`: the same bytes end so again;
    else another try may fare better."""

    reason: str
    values: dict[str, str] = {}
    lasting: bool = True


Outcome = Parsed | Unreadable


class UnreadableError(Exception):
    """Raised while reading, where no text can come of the file."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.outcome = Unreadable(sentence, values)


ENCRYPTED = "knowledge.unreadable.encrypted"
DAMAGED = "knowledge.unreadable.damaged"
EMPTY = "knowledge.unreadable.empty"
UNKNOWN = "knowledge.unreadable.unknown"
TOO_LARGE = "knowledge.unreadable.too_large"
SWELLS = "knowledge.unreadable.swells"
NO_TEXT = "knowledge.unreadable.no_text"
NO_OCR = "knowledge.unreadable.no_ocr"
TOO_SLOW = "knowledge.unreadable.too_slow"
TOO_MUCH_MEMORY = "knowledge.unreadable.memory"
CRASHED = "knowledge.unreadable.crashed"

CUT = "knowledge.remark.cut"
SHEETS_CUT = "knowledge.remark.sheets_cut"
PAGES_WITHOUT_TEXT = "knowledge.remark.pages_without_text"
PAGES_BY_OCR = "knowledge.remark.pages_by_ocr"
PAGES_DAMAGED = "knowledge.remark.pages_damaged"
OCR_STOPPED = "knowledge.remark.ocr_stopped"
PARTS_DAMAGED = "knowledge.remark.parts_damaged"
