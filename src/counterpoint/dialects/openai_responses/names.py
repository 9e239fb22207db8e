"""The dialect's name and the names of its spellings, shared by both directions (see `dialects.extensions`).

An item's `id` and `status` are spellings too: labels of the API's own store, which mean nothing anywhere else.
"""

NAME = "openai-responses"

# On a request.
MODEL = "model"  # "absent": a stored prompt names the model
INPUT = "input"  # "string"; "absent"
STREAM = "stream"  # False: said explicitly
TOOLS = "tools"  # "empty" for an empty list
TEXT = "text"  # the object, where it says nothing
REASONING = "reasoning"  # the object, where it says nothing
ASKED = "asked"  # what was asked of state, as the answer repeats it; "id": the answer's own
INCLUDE = "include"  # the list, part of which the hub has a word for

# On a message that is an item of its own.
PLACE = "place"  # "instructions"
TYPE = "type"  # "absent"; of a content part: one that is not the usual; of a tool's result: its own
CONTENT = "content"  # "list" where a string would do
ID = "id"
STATUS = "status"

# On a part.
ITEM = "item"  # the labels of the item that begins with this part
MORE = "more"  # True: it goes on the item of the part before
KIND = "kind"  # "content": thinking as it was thought, not its summary; "none": nothing to read
ANNOTATION = "annotation"  # the annotation that a citation was
ANNOTATIONS = "annotations"  # "empty" for an empty list
LOGPROBS = "logprobs"  # the list
OUTPUT = "output"  # "list" where a string would do

# On an answer.
ENVELOPE = "envelope"  # the fields that repeat the request or tell the answer's state
USAGE = "usage"  # the object, with counts for which there is no class
ANSWERED = "answered"  # likewise, as the end of a stream tells them

LOGPROBS_WANTED = "message.output_text.logprobs"
"""The entry of a request's `include` that asks for probabilities."""
