"""What kind of file a name says. Whether it is one, is found out by reading it; this is by what people filter."""

import mimetypes
from typing import Final

_OPEN: Final = "application/vnd.openxmlformats-officedocument"
_OASIS: Final = "application/vnd.oasis.opendocument"
_KNOWN: Final = {
    "docx": f"{_OPEN}.wordprocessingml.document",
    "docm": f"{_OPEN}.wordprocessingml.document",
    "doc": "application/msword",
    "odt": f"{_OASIS}.text",
    "rtf": "application/rtf",
    "xlsx": f"{_OPEN}.spreadsheetml.sheet",
    "xlsm": f"{_OPEN}.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": f"{_OASIS}.spreadsheet",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "pptx": f"{_OPEN}.presentationml.presentation",
    "ppt": "application/vnd.ms-powerpoint",
    "odp": f"{_OASIS}.presentation",
    "md": "text/markdown",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "webp": "image/webp",
}
"""Which of them Python's own table has depends on the machine's."""


def media_type_of(path: str) -> str:
    """By the ending; empty: it says nothing."""
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    return _KNOWN.get(ending) or mimetypes.guess_type(path)[0] or ""
