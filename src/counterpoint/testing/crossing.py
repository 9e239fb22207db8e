"""A request taken to another dialect and back: what comes home, and whether every difference was declared.

Why: a hub is only honest if nothing is lost in it silently. Proof on real requests: decode, encode for the other
dialect, decode there, encode back; then each difference between the two JSON bodies must lie under the path of a
declared loss, or be one of the few documented ways to write the same (`counterpoint.testing.same`).
"""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import msgspec

from counterpoint.canonical import ChatRequest, Loss, OpaqueTool, Part, Tool
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import ChatDialect, Target
from counterpoint.dialects.bedrock_paths import mark_path
from counterpoint.dialects.paths import around, locate
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.alignment import Difference, differences
from counterpoint.testing.conformance import FILED, MISFILED
from counterpoint.testing.recordings import recordings
from counterpoint.testing.same import normal_form


class Crossing(msgspec.Struct, frozen=True):
    """One request's journey. `losses`: of both ways. `silent`: differences that nobody declared."""

    differences: tuple[Difference, ...]
    silent: tuple[Difference, ...]
    losses: tuple[Loss, ...]

    @property
    def outcome(self) -> str:
        """`exact`: it came home as it was; `cosmetic` or `lossy`: with declared losses, of that severity or
        graver ones; `failing`: something changed that nobody declared."""
        if self.silent:
            return "failing"
        if any(loss.severity != "cosmetic" for loss in self.losses):
            return "lossy"
        return "cosmetic" if self.differences or self.losses else "exact"


def cross(body: bytes, home: ChatDialect, abroad: ChatDialect, there: Target, back: Target) -> Crossing:
    """`body`, a request in the dialect `home`, through `abroad` (for the target `there`) and back again (for
    the target `back`). Raises `Refused` if it is no request of its dialect."""
    request = home.decode_request(body)
    outward = abroad.encode_request(request, there, home.name)
    arrived = abroad.decode_request(outward.body)
    if any("{model}" in door.path for door in abroad.doors):  # the rest stands in the address
        arrived = msgspec.structs.replace(
            arrived, model=there.model, stream=request.stream, include_usage=request.include_usage
        )
    homeward = home.encode_request(arrived, back, abroad.name)
    found = tuple(
        differences(
            normal_form(home.name, json.loads(body)),
            normal_form(home.name, json.loads(homeward.body)),
        )
    )
    declared = [loss.path for loss in outward.losses]
    declared += _at_home(homeward.losses, arrived, abroad, request, home)
    within = around(home.name, request)
    bare = [_inner(path, within) for path in declared]
    places = sum(loss.code == "document.place" for loss in outward.losses)
    moved = [difference for difference in found if _is_document(difference)][:places]
    silent = tuple(
        difference
        for difference in found
        if not _is_declared(msgspec.structs.replace(difference, path=_inner(difference.path, within)), bare)
        and not _is_given_id(difference)
        and difference not in moved
    )
    return Crossing(found, silent, outward.losses + homeward.losses)


def _inner(path: str, within: str) -> str:
    """`path` in the request proper, where that is wrapped in `within`."""
    return path.removeprefix(f"{within}.") if within else path


def _is_document(difference: Difference) -> bool:
    """Whether a document is there that was elsewhere, or nowhere."""
    return difference.kind == "added" and difference.after.startswith('{"type": "document"')


def _is_declared(difference: Difference, paths: Sequence[str]) -> bool:
    """Whether a loss covers it. What has gone as a whole may have gone piece by piece."""
    pieces = difference.kind != "changed"
    return any(
        _within(difference.path, path) or (pieces and _within(path, difference.path))
        for declared in paths
        if declared
        for path in _together(declared)
    )


def _is_given_id(difference: Difference) -> bool:
    """Whether all that happened is that a call without an id was given one, or its result the same."""
    return difference.kind == "added" and _CALL_ID.search(difference.path) is not None


_CALL_ID = re.compile(r"\.(?:tool_calls\[\d+\]\.id|tool_call_id)$")
_THINKING = (
    "generationConfig.thinkingConfig",
    "thinking",
    "output_config.effort",
    "reasoning",
    "reasoning_effort",
    "enable_thinking",
    "additionalModelRequestFields.thinking",
    "additionalModelRequestFields.output_config",
    "additionalModelRequestFields.reasoning_config",
    "additionalModelRequestFields.reasoningConfig",
    "additionalModelRequestFields.reasoning_effort",
)
"""Fields that say together how much to think: what is declared of one is declared of all."""
_NEWER = {"functions": "tools", "function_call": "tool_choice", "max_tokens": "max_completion_tokens"}


_CONVERSATIONS = (
    "messages",
    "system",
    "contents",
    "systemInstruction",
    "input",
    "instructions",
    "prompt",
    "inputText",
)
"""Fields that hold all that was said, or lead it: a loss of the whole is one of each."""
_SCHEMAS = ("generationConfig.responseSchema", "generationConfig.responseJsonSchema")
"""Fields beside which another says that the answer is JSON."""


def _together(path: str) -> Sequence[str]:
    if any(_within(path, field) for field in _THINKING):
        return [path, *_THINKING]
    if path in _CONVERSATIONS:  # all that was said has become something else
        return [path, *_CONVERSATIONS]
    if any(_within(path, schema) for schema in _SCHEMAS):
        return [path, "generationConfig.responseMimeType"]
    older = [old + path.removeprefix(new) for old, new in _NEWER.items() if _within(path, new)]
    return [path, *older, *(["strict_tools"] if _within(path, "tools") else [])]


def _within(path: str, outer: str) -> bool:
    """Whether `path` is `outer` or lies in it."""
    return path.startswith(outer) and path[len(outer) : len(outer) + 1] in {"", ".", "["}


_FIELDS = (
    "max_output",
    "stop",
    "user",
    "parallel_tool_calls",
    "reasoning",
    "output",
    "tool_choice",
    "service_tier",
    "temperature",
    "top_p",
    "top_k",
    "metadata",
)
"""Canonical settings, to find by what name each dialect knows them."""


def _at_home(
    losses: Sequence[Loss], arrived: ChatRequest, abroad: ChatDialect, request: ChatRequest, home: ChatDialect
) -> Iterator[str]:
    """Paths of losses on the way back, as the one who wrote the request at home knows them."""
    both = list(_parts_of_both(arrived, request))
    titles = [(f"{there}.title", f"{here}.title") for there, here in both if ".parts[" in there]
    known = [
        (locate(abroad.name, arrived, there), locate(home.name, request, here))
        for there, here in [*((field, field) for field in _FIELDS), *both, *titles]
    ]
    inside = around(home.name, request)
    within = f"{inside}." if inside else ""
    for loss in losses:
        lost = mark_path(loss.path)
        if loss.code.startswith("field.") and "[" not in lost:
            yield f"{within}{lost}"  # a field of the whole request that both know by one name
        for there, here in known:
            if _within(lost, there):
                yield here + lost.removeprefix(there)


def _parts_of_both(arrived: ChatRequest, request: ChatRequest) -> Iterator[tuple[str, str]]:
    """Canonical paths of the parts and tools of `arrived`, each with that of the same one in `request`."""
    ours, theirs = _parts(request), _parts(arrived)
    matcher = difflib.SequenceMatcher(
        None, [mark for _, mark in theirs], [mark for _, mark in ours], autojunk=False
    )
    for there, here, size in matcher.get_matching_blocks():
        for offset in range(size):
            one, other = theirs[there + offset][0], ours[here + offset][0]
            yield one, other
            yield one.partition(".")[0], other.partition(".")[0]


def _parts(request: ChatRequest) -> list[tuple[str, tuple[str, ...]]]:
    """Path and mark of everything said and offered; the same thing has the same mark in any dialect."""
    said = [
        (f"messages[{index}].parts[{place}]", _mark(part))
        for index, message in enumerate(request.messages)
        for place, part in enumerate(message.parts)
    ]
    return said + [(f"tools[{index}]", _mark(tool)) for index, tool in enumerate(request.tools)]


def _mark(thing: Part | Tool | OpaqueTool) -> tuple[str, ...]:
    names = ("text", "id", "call_id", "name", "kind")
    return (type(thing).__name__, *(str(getattr(thing, name, "")) for name in names))


class Journey(msgspec.Struct, frozen=True):
    """Which recordings go where: for the target `there`, and back for one with the quirks `back`."""

    home: str
    abroad: str
    there: Target
    back: frozenset[str]

    @property
    def name(self) -> str:
        """What a report calls it."""
        return f"{self.home} through {self.abroad}"


def _planned() -> tuple[Journey, ...]:
    plan = tomllib.loads((files("counterpoint.testing") / "journeys.toml").read_text("utf-8"))
    return msgspec.convert(plan["journey"], tuple[Journey, ...])


JOURNEYS = _planned()


def journeys(folder: Path, journey: Journey) -> Iterator[tuple[str, Crossing]]:
    """Every recorded request of one dialect, taken to the other and back."""
    home, abroad = CHAT[journey.home], CHAT[journey.abroad]
    named = FILED.get(journey.home, (journey.home,))
    for name in (name for name in named if not name.endswith("count-tokens")):  # where nothing is generated
        for recording in recordings(folder, name):
            if not recording.request_body.strip() or recording.file.endswith(tuple(MISFILED)):
                continue
            model = json.loads(recording.request_body).get("model") or recording.model or ""
            back = Target(model, quirks=journey.back)
            try:
                crossing = cross(recording.request_body, home, abroad, journey.there, back)
            except Refused as refused:
                if recording.status == refused.failure.http_status:
                    continue  # its host refused it too
                raise
            yield recording.name, crossing
