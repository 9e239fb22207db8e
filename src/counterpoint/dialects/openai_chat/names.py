"""The dialect's name and the names of its spellings, shared by both directions.

A spelling (see `dialects.extensions`) keeps how the same meaning was written, so that a request which was
decoded from this dialect encodes back to the same JSON. They are listed here because decoder and encoder
must agree on them and nobody else may use them.
"""

NAME = "openai-chat"

# On a request.
MODEL = "model"  # "absent": the host's URL names the model
MAX_OUTPUT = "max_output"  # "max_tokens": the older field was used
STOP = "stop"  # "string", or "empty" for an empty list
TOOLS = "tools"  # "empty" for an empty list
STREAM = "stream"  # False: said explicitly
STREAM_OPTIONS = "stream_options"  # the object, unless it is just {"include_usage": true}

# On a message.
CONTENT = "content"  # "absent", "empty" (""), "list" (where a string would do), "object"
ROLE = "role"  # "function": a tool's result in the legacy words
REASONING = "reasoning"  # the string that repeats what `reasoning_details` says in parts
REASONING_CONTENT = "reasoning_content"  # likewise
REASONING_DETAILS = "reasoning_details"  # "empty" for an empty list
ANNOTATIONS = "annotations"  # "empty" for an empty list
CALL_ID = "tool_call_id"  # "absent"
TOOL_CALLS = "tool_calls"  # "empty" for an empty list

# On a part, a tool or a choice.
PART = "part"  # the part's own JSON, where its shape says more than its meaning
IN_CONTENT = "in_content"  # a refusal that stood in the content list
FIELD = "field"  # "reasoning": the field that held the thinking
DETAIL = "detail"  # the entry of `reasoning_details`
ANNOTATION = "annotation"  # the entry of `annotations`
TYPE = "type"  # "absent", "empty"
ID = "id"  # "absent"
ARGUMENTS = "arguments"  # "object" or "absent"
LEGACY = "legacy"  # True: `functions` and `function_call`
MODE = "mode"  # a tool choice in another word ("any")
STOP_REASON = "stop_reason"  # a host's own word beside the finish reason
USAGE = "usage"  # the usage object, with fields for which there is no token class
TOP_LEVEL = "top_level"  # True: a citation from the answer's own list of sources
