"""Where something in canonical form stood in the JSON that the client sent.

Losses and refusals must point into what the caller wrote, not into the hub's form. Encoders know only
canonical positions (`messages[2].parts[0]`); each source dialect has a function here that maps one back.
Why all in one module: an encoder of one dialect must not import another dialect.
"""

import re
from collections.abc import Callable, Iterator

from counterpoint.canonical import (
    Audio,
    ChatRequest,
    Document,
    Message,
    Opaque,
    OpaqueTool,
    Part,
    Reasoning,
    ReasoningSettings,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from counterpoint.dialects.bedrock_paths import bedrock_converse, point_path
from counterpoint.dialects.cohere_paths import cohere_chat
from counterpoint.dialects.extensions import fields_of, spelling
from counterpoint.dialects.prompt_fields import SETTINGS, prompt_path
from counterpoint.dialects.prompt_paths import ollama_chat, ollama_generate, openai_completions

_OPENAI_CHAT = "openai-chat"
_OPENAI_RESPONSES = "openai-responses"
_GEMINI_GENERATE = "gemini-generate"
_PART = re.compile(r"messages\[(\d+)\](?:\.parts\[(\d+)\])?(.*)", re.DOTALL)


def locate(source: str, request: ChatRequest, path: str) -> str:
    """`path` in canonical form (`messages[i].parts[j]`, `tools[k]`, `max_output`, ..., with anything after
    it) as a path in the JSON of `source`. A source without a mapping of its own keeps the canonical path."""
    mapping = _LOCATORS.get(source)
    place = mapping(request, path) if mapping else path
    within = around(source, request)
    return f"{within}.{place}" if within else place


def around(source: str, request: ChatRequest) -> str:
    """Where in its body the request proper stood: `""`, unless it was wrapped for its tokens to be counted."""
    if source == _GEMINI_GENERATE and spelling(request.extensions, source, "around") is not None:
        return "generateContentRequest"
    if source == "bedrock-converse" and spelling(request.extensions, source, "counted") == "converse":
        return "input.converse"
    return ""


def field_path(source: str, path: str, name: str) -> str:
    """Where the field `name` stood that what came from `path` has kept."""
    whole = f"{path}.{name}" if path else name
    if source == "cohere-chat" and path.startswith("documents["):
        return path  # there the document is all that it is
    if source == "bedrock-converse":
        return point_path(whole)
    if source != _OPENAI_RESPONSES:
        return whole
    return "tool_choice" if whole == "tool_choice.allowed_tools" else _OF_ITEM.sub(".", whole)


_OF_ITEM = re.compile(r"(?:\.content(?:\[\d+\])?)?\.(?:item|piece)\.")
"""How fields of an item of the Responses API, or of one piece of it, are kept with a part."""

_OPENAI_CHAT_FIELDS = {
    "max_output": "max_completion_tokens",
    "output": "response_format",
    "reasoning.effort": "reasoning_effort",
    "reasoning": "reasoning_effort",
    "include_usage": "stream_options.include_usage",
}


def _openai_chat(request: ChatRequest, path: str) -> str:
    match = _PART.fullmatch(path)
    if match is None:
        if path == "max_output" and spelling(request.extensions, _OPENAI_CHAT, "max_output"):
            return "max_tokens"
        if path == "reasoning" and request.reasoning is not None:
            return next(_openai_chat_words(request.reasoning), "reasoning_effort")
        return _OPENAI_CHAT_FIELDS.get(path, path)
    index, part, tail = int(match[1]), match[2], match[3]
    message = f"messages[{index}]"
    if part is None or index >= len(request.messages):
        return message + tail
    turn = request.messages[index]
    if tail.startswith(".content[") and _is_openai_text_result(turn, int(part)):
        tail = ".content" + tail.partition("]")[2]
    return f"{message}{_openai_chat_part(turn, int(part))}{tail}"


def _is_openai_text_result(message: Message, index: int) -> bool:
    """Whether that part is a tool's result which was written as one string."""
    part = message.parts[index] if index < len(message.parts) else None
    if not isinstance(part, ToolResult) or spelling(message.extensions, _OPENAI_CHAT, "content") == "list":
        return False
    return len(part.parts) == 1 and isinstance(part.parts[0], Text)


def _openai_chat_words(settings: ReasoningSettings) -> Iterator[str]:
    """The field, other than `reasoning_effort`, in which a host is told how much to think."""
    for word in ("reasoning", "thinking", "enable_thinking"):
        if spelling(settings.extensions, _OPENAI_CHAT, word) is not None:
            yield word


def _openai_chat_part(message: Message, index: int) -> str:
    if index >= len(message.parts):
        return ""
    part = message.parts[index]
    before = message.parts[:index]
    if _in_openai_content(part):
        if not _is_openai_list(message):
            return ".content"
        return f".content[{sum(map(_in_openai_content, before))}]"
    match part:
        case ToolCall() if spelling(part.extensions, _OPENAI_CHAT, "legacy"):
            return ".function_call"
        case ToolCall() | Opaque():
            calls = [item for item in before if isinstance(item, ToolCall | Opaque)]
            return f".tool_calls[{sum(not _in_openai_content(item) for item in calls)}]"
        case Reasoning():
            return _openai_chat_reasoning(part)
        case Refusal():
            return ".refusal"
        case Audio():
            return ".audio"
        case _:
            return ""


def _in_openai_content(part: Part) -> bool:
    """Whether `part` stood in `content`, not in a field of its own."""
    match part:
        case ToolCall() | ToolResult():
            return False
        case Opaque(kind=kind):
            return kind != "tool_call"
        case Reasoning():
            return spelling(part.extensions, _OPENAI_CHAT, "part") is not None
        case Refusal():
            return bool(spelling(part.extensions, _OPENAI_CHAT, "in_content"))
        case Audio(id=None):
            return True
        case Audio():
            return False
        case _:
            return True


def _is_openai_list(message: Message) -> bool:
    """Whether `content` was a list: always, unless it is one plain text."""
    content = [part for part in message.parts if _in_openai_content(part)]
    if spelling(message.extensions, _OPENAI_CHAT, "content") == "list" or len(content) != 1:
        return True
    return not isinstance(content[0], Text) or bool(fields_of(content[0].extensions, _OPENAI_CHAT))


def _openai_chat_reasoning(part: Reasoning) -> str:
    if spelling(part.extensions, _OPENAI_CHAT, "detail") is not None:
        return ".reasoning_details"
    return f".{spelling(part.extensions, 'openai-chat', 'field') or 'reasoning_content'}"


_ANTHROPIC_MESSAGES_FIELDS = {
    "max_output": "max_tokens",
    "stop": "stop_sequences",
    "user": "metadata.user_id",
    "parallel_tool_calls": "tool_choice.disable_parallel_tool_use",
    "reasoning.effort": "output_config.effort",
    "reasoning.budget": "thinking.budget_tokens",
    "reasoning.mode": "thinking.type",
}
_FIELD = re.compile(r"([a-z_.]+)(.*)", re.DOTALL)


def _anthropic_messages(request: ChatRequest, path: str) -> str:
    match = _PART.fullmatch(path)
    if match is None:
        return _anthropic_messages_field(request, path)
    index, part, tail = int(match[1]), match[2], match[3]
    message = request.messages[index] if index < len(request.messages) else Message("user")
    first = request.messages[0] if request.messages else message
    apart = first.role == "system" and not spelling(first.extensions, "anthropic-messages", "place")
    base = "system" if apart and index == 0 else f"messages[{index - apart}]"
    content = base if base == "system" else f"{base}.content"
    if part is None:
        return base + tail
    if spelling(message.extensions, "anthropic-messages", "content") == "string":
        return content + tail
    return f"{content}[{part}]{tail}"


def _anthropic_messages_field(request: ChatRequest, path: str) -> str:
    match = _FIELD.fullmatch(path)
    name, tail = (match[1], match[2]) if match else (path, "")
    output, reasoning = request.output, request.reasoning
    if name == "output" or name.startswith("output."):
        early = output is not None and spelling(output.extensions, "anthropic-messages", "place")
        return (early or "output_config.format") + path.removeprefix("output")
    if name == "reasoning":
        written = reasoning is not None and spelling(reasoning.extensions, "anthropic-messages", "written")
        return ("thinking" if written else "output_config.effort") + tail
    return _ANTHROPIC_MESSAGES_FIELDS.get(name, name) + tail


_OPENAI_RESPONSES_FIELDS = {
    "messages": "input",
    "max_output": "max_output_tokens",
    "output": "text.format",
    "reasoning.effort": "reasoning.effort",
    "logprobs": "include",
}


def _openai_responses(request: ChatRequest, path: str) -> str:
    match = _PART.fullmatch(path)
    if match is None:
        name, dot, tail = path.partition(".")
        known = _OPENAI_RESPONSES_FIELDS
        return known.get(path) or known.get(name, name) + dot + tail
    index, part, tail = int(match[1]), match[2], match[3]
    if spelling(request.extensions, _OPENAI_RESPONSES, "input") == "string":
        return ("input" if index >= len(request.messages) - 1 else "instructions") + tail
    if index >= len(request.messages):
        return f"input[{index}]{tail}"
    message = request.messages[index]
    if spelling(message.extensions, _OPENAI_RESPONSES, "place") == "instructions":
        return "instructions" + tail
    item = sum(_items_of(other) for other in request.messages[:index])
    if message.role != "assistant":
        return f"input[{item}]{_in_openai_message(message, part, tail)}"
    place = min(int(part or 0), max(len(message.parts) - 1, 0))
    begun = [number for number in range(place + 1) if not _goes_on(message.parts[number])]
    item += len(begun) - 1
    within = place - begun[-1] if begun else 0
    kind = _list_of(message.parts[place]) if message.parts else None
    if kind is None:
        return f"input[{item}]{tail}"
    first = message.parts[begun[-1]] if begun else message.parts[place]
    labels = spelling(getattr(first, "extensions", {}), _OPENAI_RESPONSES, "item") or {}
    string = isinstance(first, Text) and labels.get("content") != "list" and not _says_more(first)
    if string and not _goes_on_after(message, place):
        return f"input[{item}].{kind}{tail}"
    return f"input[{item}].{kind}[{within}]{tail}"


def _items_of(message: Message) -> int:
    """How many items of `input` a message was."""
    if spelling(message.extensions, _OPENAI_RESPONSES, "place") == "instructions":
        return 0
    if message.role != "assistant":
        return 1
    return sum(not _goes_on(part) for part in message.parts)


def _goes_on(part: Part) -> bool:
    """Whether `part` was not the first of its item."""
    if isinstance(part, Opaque):
        return isinstance(part.value, dict) and "~more" in part.value
    return bool(spelling(part.extensions, _OPENAI_RESPONSES, "more"))


def _goes_on_after(message: Message, place: int) -> bool:
    following = message.parts[place + 1 : place + 2]
    return _goes_on(message.parts[place]) or any(_goes_on(part) for part in following)


def _says_more(part: Text) -> bool:
    """Whether a text cannot have been written as a string."""
    held = part.extensions.get(_OPENAI_RESPONSES, {})
    own = [name for name in held if name not in {"~item", "~more"} and not name.startswith("item.")]
    return bool(own or part.citations)


def _list_of(part: Part) -> str | None:
    """The list of its item in which `part` stood; `None`: it was the item."""
    match part:
        case ToolCall() | Reasoning():
            return None
        case Opaque(value={"~content": _}):
            return "content"
        case Opaque():
            return None
        case _:
            return "content"


def _in_openai_message(message: Message, part: str | None, tail: str) -> str:
    """Where in its own item something of the user, the system or a tool stood."""
    place = int(part or 0)
    if part is None or place >= len(message.parts):
        return tail
    value = message.parts[place]
    if isinstance(value, ToolResult):
        if not tail.startswith(".content["):
            return tail
        if tail.endswith("].title"):
            tail = tail.removesuffix(".title") + ".filename"
        as_text = spelling(value.extensions, _OPENAI_RESPONSES, "output") != "list"
        if as_text and len(value.parts) == 1 and isinstance(value.parts[0], Text):
            return ".output" + tail.partition("]")[2]
        return ".output" + tail.removeprefix(".content")
    if isinstance(value, Opaque) and not (isinstance(value.value, dict) and "~content" in value.value):
        return tail
    if isinstance(value, Document) and tail == ".title":
        tail = ".filename"
    as_text = spelling(message.extensions, _OPENAI_RESPONSES, "content") != "list"
    if as_text and len(message.parts) == 1 and isinstance(value, Text) and not _says_more(value):
        return ".content" + tail
    return f".content[{place}]{tail}"


_GEMINI_GENERATE_FIELDS = {
    "max_output": "maxOutputTokens",
    "top_p": "topP",
    "top_k": "topK",
    "presence_penalty": "presencePenalty",
    "frequency_penalty": "frequencyPenalty",
    "n": "candidateCount",
    "top_logprobs": "logprobs",
    "logprobs": "responseLogprobs",
    "stop": "stopSequences",
    "temperature": "temperature",
    "seed": "seed",
    "reasoning.effort": "thinkingConfig.thinkingLevel",
    "reasoning.budget": "thinkingConfig.thinkingBudget",
    "reasoning.display": "thinkingConfig.includeThoughts",
    "reasoning": "thinkingConfig",
    "output.schema": "responseSchema",
    "output": "responseSchema",
}
_TOOL = re.compile(r"tools\[(\d+)\](.*)", re.DOTALL)


def _gemini_generate(request: ChatRequest, path: str) -> str:
    match, tool = _PART.fullmatch(path), _TOOL.fullmatch(path)
    if tool is not None:
        return _gemini_tool(request, int(tool[1])) + tool[2]
    if match is None:
        return _gemini_generate_field(request, path)
    index, part, tail = int(match[1]), match[2], match[3]
    system = bool(request.messages) and request.messages[0].role == "system"
    base = "systemInstruction" if system and index == 0 else f"contents[{index - system}]"
    if part is None or index >= len(request.messages):
        return base + tail
    parts = request.messages[index].parts
    value = parts[int(part)] if int(part) < len(parts) else None
    if isinstance(value, ToolResult):
        tail = _in_gemini_result(value, tail)
    if isinstance(value, Document) and tail == ".title":
        tail = ".inlineData.displayName"
    return f"{base}.parts[{part}]{tail}"


def _in_gemini_result(result: ToolResult, tail: str) -> str:
    """A result's words, or what went wrong, are an object, its pictures a list beside it."""
    if tail == ".is_error":
        return ".functionResponse.response"
    match = re.match(r"\.content\[(\d+)\]", tail)
    if match is None:
        return tail
    place, words = int(match[1]), sum(isinstance(part, Text) for part in result.parts)
    inner = ".response" if place < words else f".parts[{place - words}]"
    return f".functionResponse{inner}{tail[match.end() :]}"


def _gemini_tool(request: ChatRequest, place: int) -> str:
    """Functions stand in a list of their tool; what the host runs is a field of one."""
    written = spelling(request.extensions, _GEMINI_GENERATE, "tools")
    names = [tool.name if isinstance(tool, Tool) else None for tool in request.tools]
    if not isinstance(written, list):
        functions = [name for name in names if name is not None]
        written = [{"functionDeclarations": functions}] if functions else []
        written += [{tool.kind: {}} for tool in request.tools if isinstance(tool, OpaqueTool)]
    places: list[str] = []
    for index, tool in enumerate(written):
        functions = tool.get("functionDeclarations") or []
        places += [f"tools[{index}].functionDeclarations[{number}]" for number in range(len(functions))]
        others = [
            name for name, value in tool.items() if name != "functionDeclarations" and value is not None
        ]
        places += [f"tools[{index}].{name}" for name in others]
    return places[place] if place < len(places) else f"tools[{place}]"


def _gemini_generate_field(request: ChatRequest, path: str) -> str:
    match = _FIELD.fullmatch(path)
    name, tail = (match[1], match[2]) if match else (path, "")
    if name == "tool_choice" or name.startswith("tool_choice."):
        return f"toolConfig.functionCallingConfig{name.removeprefix('tool_choice')}{tail}"
    output = request.output
    if name in {"output", "output.schema"} and output is not None:
        if output.kind != "json_schema":
            return "generationConfig.responseMimeType"
        if spelling(output.extensions, _GEMINI_GENERATE, "schema") is None:
            return "generationConfig.responseJsonSchema"
    known = _GEMINI_GENERATE_FIELDS.get(name)
    return path if known is None else f"generationConfig.{known}{tail}"


_MISTRAL_FIELDS = {"seed": "random_seed", "max_output": "max_tokens"}


def _mistral_chat(request: ChatRequest, path: str) -> str:
    """It shares OpenAI's grammar, and its spellings."""
    if path == "messages" and "mistral-fim" in request.extensions:
        return "prompt"
    return _MISTRAL_FIELDS.get(path) or _openai_chat(request, path)


def _bedrock_invoke(request: ChatRequest, path: str) -> str:
    """In a body of whichever maker."""
    family = spelling(request.extensions, "bedrock-invoke", "family")
    inner = {"anthropic": _anthropic_messages, "nova": bedrock_converse, "chat": _openai_chat}.get(family)
    if family in SETTINGS:
        return prompt_path(request, family, path)
    short = _NOVA_FIELDS.get(path) if family == "nova" else None
    if short is not None and (path == "top_k" or spelling(request.extensions, "bedrock-invoke", short)):
        return f"inferenceConfig.{short}"
    return path if inner is None else inner(request, path)


_NOVA_FIELDS = {"max_output": "max_new_tokens", "top_k": "topK"}
"""What Nova's bodies call otherwise than Converse."""


_LOCATORS: dict[str, Callable[[ChatRequest, str], str]] = {
    "openai-chat": _openai_chat,
    "anthropic-messages": _anthropic_messages,
    "vertex-anthropic": _anthropic_messages,
    "openai-responses": _openai_responses,
    "ollama-chat": ollama_chat,
    "ollama-generate": ollama_generate,
    "openai-completions-legacy": openai_completions,
    "gemini-generate": _gemini_generate,
    "cohere-chat": cohere_chat,
    "bedrock-converse": bedrock_converse,
    "bedrock-invoke": _bedrock_invoke,
    "mistral-chat": _mistral_chat,
    "mistral-fim": _mistral_chat,
}
