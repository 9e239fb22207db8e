"""Writes what is made from the admin API's own description; a test fails where it is out of date.

`docs/admin-api.md` for people, `studio/openapi.json` for the studio, whose types come from it (`npm run generate:api`).

Usage: python -m scripts.api_reference
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from counterpoint.api.application import create_app
from counterpoint.api.description import describe
from counterpoint.api.services import Services

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "admin-api.md"
DESCRIPTION = ROOT / "studio" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
HEAD = """\
# Admin API

Everything that can be managed can be managed by a program, at the studio's address (port 8601). This page is
written from the code by `python -m scripts.api_reference`; `GET /api/v1/openapi.json` serves the same as OpenAPI 3.1.

```sh
curl -H "Authorization: Bearer $COUNTERPOINT_ADMIN_TOKEN" http://127.0.0.1:8601/api/v1/status
```

- **Credentials**: `COUNTERPOINT_ADMIN_TOKEN`, set before the start, as a bearer token; or the session of a browser
  that signed in. Every path but `/healthz` and `/readyz` asks for them.
- **Errors** are problem details (RFC 9457): `type` names the kind and is stable, `detail` says what to do, in French
  where `Accept-Language` prefers it.
- **Lists** come in pages: `{"items": [...], "next": cursor}`. Pass `next` as `cursor` for the next page; `null` ends
  the list.
- **Times** are UTC (RFC 3339). **Amounts of money** are exact decimal text; an unknown price is `null`, never zero.
- **Names**: the port answers under IP addresses and `localhost`; other names go into `COUNTERPOINT_ADMIN_HOSTS`.

The command line prints the same shapes with `--json`."""


def description() -> dict[str, Any]:
    """OpenAPI."""
    # Describing needs no services: they are used when a request comes.
    return describe(create_app(cast("Services", None)))


def description_text() -> str:
    """A line for each value, so that a change can be read."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


def page() -> str:
    """The whole page."""
    described = description()
    parts = [HEAD, "## Paths", *paths(described), "## Shapes", *shapes(described)]
    return "\n\n".join(parts) + "\n"


def paths(described: dict[str, Any]) -> Iterator[str]:
    """A table for each noun."""
    tables: dict[str, list[str]] = {}
    for path, operations in described["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                row = (
                    f"| `{method.upper()} {path}` | {parameters(operation)} | {operation['summary']} "
                    f"| {answer(operation)} |"
                )
                tables.setdefault(operation["tags"][0], []).append(row)
    for noun, rows in tables.items():
        head = "| request | takes | does | answers |\n|---|---|---|---|\n"
        yield f"### {noun.capitalize()}\n\n{head}" + "\n".join(rows)


def parameters(operation: dict[str, Any]) -> str:
    """What goes into the query and the body."""
    query = [item["name"] for item in operation.get("parameters", []) if item["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    named = [f"`{name}`" for name in query]
    if body:
        named.insert(0, type_of(body))
    return ", ".join(named)


def answer(operation: dict[str, Any]) -> str:
    """The status and the shape of success."""
    status, success = next((code, item) for code, item in operation["responses"].items() if code < "300")
    content = success.get("content", {})
    if "application/json" not in content:
        return f"{status}, text" if content else status
    return f"{status}, {type_of(content['application/json']['schema'])}"


def shapes(described: dict[str, Any]) -> Iterator[str]:
    """Every shape, by name."""
    for name, schema in sorted(described["components"]["schemas"].items()):
        if name.startswith("Page_"):
            continue
        lines = [f"### {name}", schema.get("description", "").partition("\n")[0]]
        rows = [
            f"| `{field}` | {type_of(kind)} | {' '.join(kind.get('description', '').split())} |"
            for field, kind in schema.get("properties", {}).items()
        ]
        table = "| field | is | |\n|---|---|---|\n" + "\n".join(rows)
        yield "\n\n".join([line for line in lines if line] + [table])


def type_of(schema: dict[str, Any]) -> str:
    """In a few words, with links between shapes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name.startswith("Page_"):
            return f"page of {linked(name.removeprefix('Page_').rstrip('_'))}"
        return linked(name)
    if "anyOf" in schema:
        return " or ".join(type_of(kind) for kind in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"text to {type_of(schema['additionalProperties'])}"
    if schema.get("format") == "date-time":
        return "time"
    kind = str(schema.get("type", "object"))
    return {"string": "text", "boolean": "true or false"}.get(kind, kind)


def linked(name: str) -> str:
    """A link to a shape on this page."""
    return f"[{name}](#{name.lower()})"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    DESCRIPTION.write_text(description_text(), "utf-8")
