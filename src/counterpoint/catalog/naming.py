"""One model under the many names that hosts give it, recognised by rules that are data (`data/naming.toml`)."""

import re
import tomllib
from functools import cache
from importlib.resources import files

import msgspec

_TOKENS = re.compile(r"[a-z]+|\d+")


class Parsed(msgspec.Struct, frozen=True):
    """What an id says. `org`: the organisation before the name, empty if none; `name`: the plain name; `key`: the
    name without regard to punctuation, by which models are compared; `snapshot`: the date (or version number)
    at its end, which is not part of `base`, the key without it."""

    org: str
    name: str
    key: str
    base: str
    snapshot: str = ""
    region: str = ""
    quantisation: str = ""


def parse(model_id: str) -> Parsed:
    """Take a host's id for a model apart. Never fails: what no rule knows is left as it is."""
    rules = _rules()
    text, region = model_id.strip().lower(), ""
    for rule in rules.unwrap:
        found = rule.pattern.match(text)
        if found:
            region = region or (found.group(rule.group) or "" if rule.group else "")
            text = found.expand(rule.replacement) + text[found.end() :]
    org, _, name = text.rpartition("/")
    org = org.partition("/")[0].strip("~@ ")
    name, quantisation = _bare(name)
    for rule in rules.rewrite:
        name = rule.pattern.sub(rule.replacement, name)
    found = rules.snapshot.search(name)
    base = name[: found.start()] if found and found.start() else name
    return Parsed(
        org=org,
        name=name,
        key=key_of(name),
        base=key_of(base),
        snapshot=found.group(1) if found and found.start() else "",
        region=region,
        quantisation=quantisation,
    )


def key_of(name: str) -> str:
    """Letters and numbers of a name, in order: `Llama-3.3-70B` and `llama3-3-70b` give the same key."""
    return "-".join(_TOKENS.findall(name.lower()))


def _bare(name: str) -> tuple[str, str]:
    """Strip what tells how a model is served, as long as there is something to strip."""
    quantisation, before = "", None
    while name != before:
        before = name
        for rule in _rules().suffix:
            found = rule.pattern.search(name)
            if found and found.start():
                quantisation = quantisation or (found.group(rule.group) if rule.group else "")
                name = name[: found.start()]
    return name, quantisation


class _Rule(msgspec.Struct, frozen=True):
    pattern: re.Pattern[str]
    replacement: str = ""
    group: int = 0


class _Rules(msgspec.Struct, frozen=True):
    unwrap: tuple[_Rule, ...]
    suffix: tuple[_Rule, ...]
    rewrite: tuple[_Rule, ...]
    snapshot: re.Pattern[str]


@cache
def _rules() -> _Rules:
    table = tomllib.loads((files("counterpoint.catalog") / "data" / "naming.toml").read_text("utf-8"))

    def rules(name: str, group: str) -> tuple[_Rule, ...]:
        return tuple(
            _Rule(re.compile(row["pattern"]), row.get("with", ""), row.get(group, 0)) for row in table[name]
        )

    return _Rules(
        unwrap=rules("unwrap", "region"),
        suffix=rules("suffix", "quantisation"),
        rewrite=rules("rewrite", "effort"),
        snapshot=re.compile(table["snapshot"]["pattern"]),
    )
