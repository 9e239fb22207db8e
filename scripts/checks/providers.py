"""No provider's name in code: what is known of a vendor is a row of the catalogue, or sits in a dialect.

Comments and docstrings may name one: they cite where a behaviour comes from. Names, attributes and strings
may not, outside `catalog` and `dialects`, and `testing`, which plays the providers' part in tests.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scripts.checks.tree import PACKAGE, exceptions, parsed, python_files, stale

HOME = ("catalog", "dialects", "testing")
NAMES = (
    *("ai21", "alibaba", "anthropic", "azure", "bedrock", "cerebras", "claude", "cohere", "dashscope"),
    *("deepinfra", "deepseek", "fireworks", "gemini", "gpt", "groq", "huggingface", "lmstudio", "minimax"),
    *("mistral", "moonshot", "nebius", "novita", "nvidia", "ollama", "openai", "openrouter", "ovhcloud"),
    *("perplexity", "sambanova", "scaleway", "togetherai", "vertex", "vllm", "xai", "zhipu"),
)
# A name inside a word of its own: `openai_chat` and `GroqError` have one, `oxais` has none.
PATTERN = re.compile(rf"(?<![a-z])(?:{'|'.join(NAMES)})(?![a-z])", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def problems(root: Path) -> list[str]:
    """Every name in the wrong room."""
    return list(_problems(root))


def _problems(root: Path) -> Iterator[str]:
    granted, met = exceptions(root, "providers"), set()
    for path in python_files(root, str(PACKAGE)):
        if path.relative_to(PACKAGE).parts[0] in HOME:
            continue
        for line, text in spoken(parsed(root / path)):
            found = PATTERN.search(CAMEL.sub("_", text))
            if not found:
                continue
            exception = f"{path}: {found[0].lower()}"
            met.add(exception)
            if exception not in granted:
                yield f"{path}:{line}: names the provider {found[0]!r} in {text[:60]!r}"
    yield from stale(granted, met, "providers")


def spoken(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name and string of the code, with its line; docstrings and bare strings are no code."""
    bare = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Constant(value=str(text)) if id(node) not in bare:
                yield line, text
            case ast.Constant(value=bytes(data)):
                yield line, data.decode("latin-1")
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield line, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield line, name
            case ast.arg(arg=name):
                yield line, name
            case ast.keyword(arg=str(name)):
                yield line, name
            case ast.alias(name=name, asname=other):
                yield line, f"{name} {other or ''}"
            case ast.ImportFrom(module=str(name)):
                yield line, name
