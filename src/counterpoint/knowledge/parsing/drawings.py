"""Drawings of Office (DrawingML) that slides and documents share: charts, diagrams, the text in them."""

from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.ooxml import Element, Package, child, descendants, get, name_of


def add_drawings(
    package: Package,
    draft: Draft,
    element: Element,
    related: dict[str, tuple[str, str]],
    page: int | None = None,
) -> None:
    """Adds the charts and diagrams that `element` refers to; `related`: what its part's relations are."""
    for each in descendants(element, "chart"):
        _, target = related.get(get(each, "id"), ("", ""))
        _chart(package.xml(target) if target else None, draft, page)
    for each in descendants(element, "relIds"):
        _, target = related.get(get(each, "dm"), ("", ""))
        for point in descendants(package.xml(target) if target else None, "pt"):
            text = "\n".join(text_of_drawing(paragraph) for paragraph in descendants(point, "p"))
            draft.add("item", text, level=1, page=page)


def text_of_drawing(paragraph: Element) -> str:
    breaks = {"br": "\n", "tab": " "}
    return "".join(
        breaks.get(name_of(each)) or each.text or "" for each in descendants(paragraph, "t", "br", "tab")
    )


def _chart(root: Element, draft: Draft, page: int | None) -> None:
    """Its title, and its numbers as a table: a row for each category, a column for each series."""
    if root is None:
        return
    title = next(descendants(root, "title"), None)
    if title is not None:
        draft.add("caption", "".join(each.text or "" for each in descendants(title, "t", "v")), page=page)
    names, values = [""], []
    categories: dict[str, str] = {}
    for series in descendants(root, "ser"):
        names.append(" ".join(each.text or "" for each in descendants(child(series, "tx"), "v")))
        categories = _points(child(series, "cat")) or categories
        values.append(_points(child(series, "val")))
    keys = sorted(
        {key for each in values for key in each} | categories.keys(), key=lambda key: (len(key), key)
    )
    if values and keys:
        rows = [[categories.get(key, ""), *(each.get(key, "") for each in values)] for key in keys[:1000]]
        draft.add_table([names, *rows], page=page)


def _points(element: Element) -> dict[str, str]:
    found = {}
    for point in descendants(element, "pt"):
        found[get(point, "idx")] = "".join(each.text or "" for each in descendants(point, "v"))
    return found
