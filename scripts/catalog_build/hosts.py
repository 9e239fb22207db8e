"""Host rows for the hosts that nobody has written one for by hand, as far as models.dev and litellm describe them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.catalog.values import HostRow, Setting
from scripts.catalog_build.rules import Rules

_HEAD = """# Built by scripts/build_catalog.py; do not edit. Hosts known from models.dev and litellm (see NOTICE.md),
# for which nobody has checked more than what stands here: a row in hosts/ takes precedence over one of its name.
"""
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def generated_hosts(
    dev: Mapping[str, Any], folder: Path, rules: Rules, wanted: set[str], curated: Path
) -> bytes:
    """TOML, one table per host that has listings but no row of its own."""
    missing = sorted(wanted - {path.stem for path in curated.glob("*.toml")})
    by_dev = {}
    for provider in dev.values():
        host = rules.host_of("models.dev", provider["id"])
        if host not in by_dev or provider["id"] == host:
            by_dev[host] = provider
    endpoints = json.loads((folder / "provider_endpoints_support_backup.json").read_text("utf-8"))[
        "providers"
    ]
    names = {host: provider for provider, host in reversed(rules.table["hosts"]["litellm"].items()) if host}
    genai_names = {host: provider for provider, host in rules.table["hosts"]["genai-prices"].items()}
    tables = []
    for host in missing:
        if host in by_dev:
            row = _from_dev(host, by_dev[host])
        elif host in names:
            row = _from_litellm(host, endpoints.get(names[host], {}))
        else:
            row = HostRow(name=host, display=genai_names[host].capitalize(), origin="genai-prices")
        tables.append(_table(row))
    return (_HEAD + "".join(tables)).encode()


def _from_dev(host: str, provider: Mapping[str, Any]) -> HostRow:
    address = (provider.get("api") or "").rstrip("/")
    settings = {name.lower(): Setting(description=f"value of {name}") for name in _VARIABLE.findall(address)}
    is_anthropic = provider["npm"] == "@ai-sdk/anthropic"
    dialects = {"anthropic-messages": "/messages"} if is_anthropic else {"openai-chat": "/chat/completions"}
    variables = [name for name in provider["env"] if name.lower() not in settings]
    return HostRow(
        name=host,
        display=provider["name"],
        base_url=_VARIABLE.sub(lambda found: "{" + found.group(1).lower() + "}", address),
        dialects=dialects if address else {},
        settings=settings,
        secret_env=tuple(variables),
        models_path="/models" if address and not is_anthropic else "",
        models_dialect="openai-chat" if address and not is_anthropic else "",
        docs_url=provider["doc"],
        origin="models.dev",
    )


def _from_litellm(host: str, endpoint: Mapping[str, Any]) -> HostRow:
    display = endpoint.get("display_name", host).partition(" (`")[0]
    return HostRow(name=host, display=display, docs_url=endpoint.get("url", ""), origin="litellm")


def _table(row: HostRow) -> str:
    lines = [f"\n[{json.dumps(row.name)}]\n"]
    for name, value in msgspec.to_builtins(row).items():
        if name != "name":
            lines.append(f"{name} = {_toml(value)}\n")
    return "".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
