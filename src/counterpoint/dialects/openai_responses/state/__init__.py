"""The state of this API: answers that are kept and continued, conversations, work in the background.

Pure, as all of a dialect: what is asked about state, what a call is sent with in its place, what is kept of an
answer, and how all of it is shown. Who keeps it is the gateway's business.
"""

from counterpoint.dialects.openai_responses.state.answers import ResponsesState

__all__ = ["ResponsesState"]
