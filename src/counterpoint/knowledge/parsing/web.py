"""Web pages: headings, paragraphs, lists and tables of the main content; scripts, navigation and footers stay out."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft, on_one_line
from counterpoint.knowledge.parsing.plain import characters

_DECLARED = re.compile(
    rb"""(?:charset|\A\s*<\?xml\s[^>]*?encoding)\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE
)
_LEFT_OUT: Final = {
    "script", "style", "noscript", "template", "svg", "math", "nav", "iframe", "object", "embed", "canvas", "audio",
    "video", "select", "option", "datalist", "button", "input", "textarea", "head", "dialog", "map", "link", "meta",
}  # fmt: skip
_OUTSIDE_MAIN: Final = {"header", "footer", "aside", "form"}
_ROLES: Final = {
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "complementary",
    "menu",
    "menubar",
    "dialog",
}
_BLOCKS: Final = {
    "p", "div", "section", "article", "main", "body", "html", "ul", "ol", "dl", "dd", "dt", "li", "figure", "address",
    "details", "summary", "fieldset", "header", "footer", "aside", "form", "hgroup", "center", "blockquote", "td",
    "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "figcaption", "hr", "caption", "tr", "tbody", "thead", "th",
}  # fmt: skip
MOST_COLUMNS: Final = 200
MOST_SPAN: Final = 50
_HEADING = re.compile("h([1-6])")


def read(data: bytes) -> Parsed:
    """The page."""
    draft = Draft()
    declared = _DECLARED.search(data[:4096])
    add_html(draft, characters(data, declared[1].decode("ascii") if declared else ""))
    return draft.finish()


def add_html(draft: Draft, text: str) -> None:
    """Adds what a page says."""
    tree = LexborHTMLParser(text)
    title = tree.css_first("head > title") or tree.css_first("title")
    if title is not None and not draft.title:
        draft.title = on_one_line(title.text())
    author = tree.css_first('meta[name="author"]')
    if author is not None and not draft.author:
        draft.author = author.attributes.get("content") or ""
    root = _main_of(tree)
    if root is not None:
        _Reader(draft, whole=root.tag in {"body", "html"}).add(root)


def _main_of(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that says it is the main content, where it holds a fair share of the page's words; else the body."""
    body = tree.body or tree.root
    if body is None:
        return None
    whole = len(body.text())
    for selector in ("main", '[role="main"]', "article"):
        found = tree.css(selector)
        if len(found) == 1 and len(found[0].text()) * 5 >= whole:
            return found[0]
    return body


class _Reader:
    """Walks elements without recursion: pages may be nested as deep as they like."""

    def __init__(self, draft: Draft, *, whole: bool) -> None:
        self._draft = draft
        self._whole = whole
        self._inline: list[str] = []
        self._depth = 0
        self._item = False

    def add(self, root: LexborNode) -> None:
        """Everything within `root`."""
        waiting: list[LexborNode | str] = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                self._leave(node)
            elif node.tag == "-text":
                self._inline.append(re.sub(r"\s+", " ", node.text() or ""))
            elif not self._is_left_out(node):
                waiting += self._enter(node)
        self._flush()

    def _enter(self, node: LexborNode) -> list[LexborNode | str]:
        """What comes next, the last first."""
        tag = node.tag or ""
        if tag == "br":
            self._inline.append("\n")
            return []
        if tag == "img":
            self._inline.append(f" {node.attributes.get('alt') or ''} ")
            return []
        if tag in _BLOCKS:
            self._flush()
        if matched := _HEADING.fullmatch(tag):
            self._draft.add("heading", _text(node), level=int(matched[1]))
            return []
        if tag in {"pre", "listing"}:
            self._draft.add("code", node.text())
            return []
        if tag in {"figcaption", "caption"}:
            self._draft.add("caption", _text(node))
            return []
        if tag == "table" and _is_data(node):
            caption = node.css_first("caption")
            if caption is not None:
                self._draft.add("caption", _text(caption))
            self._draft.add_table(_rows(node))
            return []
        if tag in {"ul", "ol"}:
            self._depth += 1
        self._item = self._item or tag == "li"
        inner: list[LexborNode | str] = [f"/{tag}"]
        inner += reversed(list(node.iter(include_text=True)))
        return inner

    def _leave(self, tag: str) -> None:
        if tag[1:] in _BLOCKS:
            self._flush()
        if tag in {"/ul", "/ol"}:
            self._depth -= 1
        if tag == "/li":
            self._item = False

    def _flush(self) -> None:
        text = "".join(self._inline)
        self._inline = []
        if text.strip():
            if self._item:
                self._draft.add("item", text, level=max(1, self._depth))
                self._item = False
            else:
                self._draft.add("paragraph", text)

    def _is_left_out(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag in _LEFT_OUT or tag.startswith(("-", "!", "_")):
            return True
        attributes = node.attributes
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        if "display:none" in (attributes.get("style") or "").replace(" ", ""):
            return True
        if attributes.get("role") in _ROLES:
            return True
        # A header of the page has its name and its menus; a header within an article has its title.
        return (
            self._whole
            and tag in _OUTSIDE_MAIN - {"form"}
            and (node.parent is None or node.parent.tag == "body")
        )


def _text(node: LexborNode) -> str:
    return on_one_line(node.text(separator=" ") if node.css_first("br, p, div, li") else node.text())


def _is_data(table: LexborNode) -> bool:
    """Whether a table is one, and no layout of a page: nothing within it is a table or a heading."""
    if table.css_first("table, h1, h2, h3, form") is not None and table.css_first(
        "table table, h1, h2, h3, form"
    ):
        return False
    return len(table.css("tr")) > 1 or len(table.css("th")) > 1


def _rows(table: LexborNode) -> list[list[str]]:
    """Its texts: a cell over several columns or rows stands in the first, the others are empty."""
    rows: list[list[str]] = []
    below: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(table.css("tr")):
        texts: list[str] = []
        for cell in row.iter():
            if cell.tag not in {"td", "th"}:
                continue
            while len(texts) < MOST_COLUMNS and below.pop((number, len(texts)), False):
                texts.append("")
            if len(texts) >= MOST_COLUMNS:
                break
            down, right = _span(cell, "rowspan"), _span(cell, "colspan")
            for further in range(1, down):
                below.update(((number + further, len(texts) + over), True) for over in range(right))
            texts += [_text(cell), *[""] * (right - 1)]
        rows.append(texts)
    return rows


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(max(int(value[:6]), 1), MOST_SPAN) if value.isdigit() else 1
