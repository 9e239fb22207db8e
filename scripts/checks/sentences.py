"""Both languages say the same things, the code asks only for sentences that exist, and none is left over."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.checks.tree import PACKAGE, exceptions, parsed, python_files, stale

LANGUAGES = ("en", "fr")
# Calls whose first argument is the id of a sentence. Functions whose first parameter is `sentence` join them.
# Those below are given every value by its name, beside what they take for themselves.
ASKS = {"say": {"lang"}, "Complaint": {"kind"}}
LOOKS_LIKE_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
# Sentences this long do not read the same in two languages.
SAME_WORDS = 5
# Commands to type, which are in no language.
TYPED = "examples"


def problems(root: Path) -> list[str]:
    """All of it."""
    catalogues = {language: read(root, language) for language in LANGUAGES}
    return [*differences(catalogues), *misuse(root, catalogues["en"])]


def read(root: Path, language: str) -> dict[str, str]:
    """Every sentence by its dotted id."""
    found: dict[str, str] = {}
    for path in sorted((root / PACKAGE / "i18n" / language).glob("*.toml")):
        found.update(_flat("", tomllib.loads(path.read_text("utf-8"))))
    return found


def _flat(prefix: str, table: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield prefix + name, str(value)


def placeholders(sentence: str) -> set[str]:
    """What fills it, without how it is formatted."""
    return {
        re.split(r"[.\[]", name, maxsplit=1)[0]
        for _, name, _, _ in string.Formatter().parse(sentence)
        if name is not None
    }


def differences(catalogues: dict[str, dict[str, str]]) -> Iterator[str]:
    """Between the languages."""
    english, french = (catalogues[language] for language in LANGUAGES)
    for name in sorted(english.keys() ^ french.keys()):
        yield f"i18n: {name!r} is missing in {'fr' if name in english else 'en'}"
    for name in sorted(english.keys() & french.keys()):
        there, here = placeholders(english[name]), placeholders(french[name])
        if there != here:
            yield f"i18n: {name!r} is filled by {sorted(there)} in en, by {sorted(here)} in fr"
        same = english[name] == french[name] and not name.endswith(TYPED)
        if same and len(english[name].split()) >= SAME_WORDS:
            yield f"i18n: {name!r} is not translated"
        if not english[name].strip() or not french[name].strip():
            yield f"i18n: {name!r} is empty"


@dataclass
class Uses:
    """How the code speaks of sentences."""

    asked: list[tuple[str, str, set[str] | None]] = field(default_factory=list)
    """Where, which id, and what fills it (`None`: not to be seen in the call)."""
    composed: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)
    """Where, and which ids an f-string can make."""
    looked_up: list[re.Pattern[str]] = field(default_factory=list)
    """The same, of f-strings that are used in another way."""
    constants: dict[str, str] = field(default_factory=dict)
    """Every string of the code, and where it stands first."""


def misuse(root: Path, sentences: dict[str, str]) -> Iterator[str]:
    """Ids that do not exist, placeholders nobody fills, sentences nobody says."""
    uses = gather(root)
    for place, name, filled in uses.asked:
        if name not in sentences:
            yield f"{place}: there is no sentence {name!r}"
        elif filled is not None and (lacking := placeholders(sentences[name]) - filled):
            yield f"{place}: {name!r} also needs {', '.join(sorted(lacking))}"
    tables = {name.rpartition(".")[0] for name in sentences}
    inner = {
        ".".join(table.split(".")[:depth]) for table in tables for depth in range(1, table.count(".") + 2)
    }
    for name in sorted(uses.constants.keys() - sentences.keys() - inner):
        # Beside sentences that exist: an id that is handed on, with a slip in it.
        if LOOKS_LIKE_ID.fullmatch(name) and name.count(".") > 1 and name.rpartition(".")[0] in tables:
            yield f"{uses.constants[name]}: there is no sentence {name!r}"
    for place, pattern in uses.composed:
        if not any(pattern.fullmatch(name) for name in sentences):
            yield f"{place}: no sentence is like {pattern.pattern!r}"
    granted, met = exceptions(root, "unsaid"), set()
    for name in sorted(sentences):
        if not is_said(name, uses):
            met.add(name)
            if name not in granted:
                yield f"i18n: {name!r} is said nowhere"
    yield from stale(granted, met, "unsaid")


def is_said(name: str, uses: Uses) -> bool:
    """Whether the code has this id, whole, or composed of a part that stands in the code as a string."""
    if name in uses.constants:
        return True
    found = (pattern.fullmatch(name) for pattern in uses.looked_up)
    return any(match and all(part in uses.constants for part in match.groups()) for match in found)


def gather(root: Path) -> Uses:
    """Reads the whole package."""
    modules = {path: parsed(root / path) for path in python_files(root, str(PACKAGE))}
    forwarding = {path: set(forwarders(module)) for path, module in modules.items()}
    public = {name for names in forwarding.values() for name in names if not name.startswith("_")}
    uses = Uses()
    for path, module in modules.items():
        asks = ASKS.keys() | public | forwarding[path]
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                uses.constants.setdefault(node.value, f"{path}:{node.lineno}")
            elif isinstance(node, ast.JoinedStr):
                if begins_an_id(node.values):
                    uses.looked_up.append(pattern_of(node.values))
            elif isinstance(node, ast.Call) and called(node) in asks:
                note(uses, f"{path}:{node.lineno}", node)
    return uses


def forwarders(module: ast.Module) -> Iterator[str]:
    """Functions whose first parameter is the id of a sentence."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            if [name for name in names if name not in {"self", "cls"}][:1] == ["sentence"]:
                yield node.name


def called(call: ast.Call) -> str:
    """The last part of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def note(uses: Uses, place: str, call: ast.Call) -> None:
    """Takes down which sentences this call may ask for."""
    keywords = {each.arg for each in call.keywords if each.arg} - ASKS.get(called(call), set())
    open_ended = len(call.args) > 1 or any(each.arg is None for each in call.keywords)
    for argument in alternatives(call):
        match argument:
            case ast.Constant(value=str(name)):
                sure = called(call) in ASKS and not open_ended
                uses.asked.append((place, name, keywords if sure else None))
            case ast.JoinedStr(values=parts):
                uses.composed.append((place, pattern_of(parts)))


def alternatives(call: ast.Call) -> Iterator[ast.expr]:
    """The first argument, or both of `a if … else b`."""
    waiting = [*call.args[:1], *(each.value for each in call.keywords if each.arg == "sentence")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.IfExp):
            waiting += [node.body, node.orelse]
        else:
            yield node


def begins_an_id(parts: list[ast.expr]) -> bool:
    """Whether an f-string begins with the name of a table of sentences, or what looks like one."""
    first = parts[0]
    return isinstance(first, ast.Constant) and bool(re.match(r"[a-z0-9_]+\.", str(first.value)))


def pattern_of(parts: list[ast.expr]) -> re.Pattern[str]:
    """What an f-string can be."""
    return re.compile(
        "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"([a-z0-9_.]+)"
            for part in parts
        )
    )
