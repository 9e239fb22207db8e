"""Markdown (CommonMark and tables) to blocks; also what other readers hand on as Markdown."""

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from counterpoint.knowledge.documents import BlockKind, Parsed
from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.plain import characters

_FRONT = re.compile(r"\A---\s*\n(.*?)\n(?:---|\.\.\.)\s*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|author)\s*:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
DEEPEST: Final = 50


def read(data: bytes) -> Parsed:
    """The document."""
    draft, text = Draft(), characters(data)
    if front := _FRONT.match(text):
        fields = {match[1].lower(): match[2].strip().strip("\"'") for match in _FIELD.finditer(front[1])}
        draft.title, draft.author = fields.get("title", ""), fields.get("author", "")
        text = text[front.end() :]
    add_markdown(draft, text)
    return draft.finish()


def add_markdown(draft: Draft, text: str, page: int | None = None) -> None:
    """Adds what a text in Markdown says."""
    tokens = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"]).parse(text)
    reader = _Reader(draft, page)
    for token in tokens:
        reader.take(token)


class _Reader:
    """Goes through tokens and knows within what it is."""

    def __init__(self, draft: Draft, page: int | None) -> None:
        self._draft = draft
        self._page = page
        self._depth = 0
        self._first = False
        self._heading = 0
        self._rows: list[list[str]] = []

    def take(self, token: Token) -> None:
        """One after the other."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open" | "bullet_list_close" | "ordered_list_close":
                self._depth += token.nesting
            case "list_item_open":
                self._first = True
            case "heading_open" | "heading_close":
                self._heading = int(token.tag[1:]) if token.nesting == 1 else 0
            case "tr_open":
                self._rows.append([])
            case "inline" if self._rows:
                self._rows[-1].append(said(token))
            case "inline":
                self._inline(token)
            case "table_close":
                self._draft.add_table(self._rows, page=self._page)
                self._rows = []
            case "fence" | "code_block":
                self._draft.add("code", token.content, page=self._page)
            case "html_block":
                self._draft.add("paragraph", _TAG.sub(" ", token.content), page=self._page)

    def _inline(self, token: Token) -> None:
        kind: BlockKind = (
            "heading" if self._heading else "item" if self._depth and self._first else "paragraph"
        )
        level = self._heading or (self._depth if kind == "item" else 0)
        self._draft.add(kind, said(token), level=level, page=self._page)
        self._first = False


def said(token: Token) -> str:
    """An inline token's text: of a link its words, of a picture what stands for it."""
    pieces = []
    for each in token.children or ():
        match each.type:
            case "text" | "code_inline":
                pieces.append(each.content)
            case "softbreak":
                pieces.append(" ")
            case "hardbreak":
                pieces.append("\n")
            case "image":
                pieces.append(said(each) or each.content)
    return "".join(pieces)
