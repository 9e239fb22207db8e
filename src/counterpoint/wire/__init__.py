"""Bytes to frames and back, without sockets: the grammars in which providers stream.

Why apart from the dialects: several dialects share one grammar, and hostile or oddly cut bytes are met
here, once, so that a dialect only ever sees whole frames.
"""

from counterpoint.wire.ndjson import LineCutter, ndjson_line
from counterpoint.wire.sse import Frame, FrameTooLong, SseCutter, SseReader, frame_of, sse_frame

__all__ = [
    "Frame",
    "FrameTooLong",
    "LineCutter",
    "SseCutter",
    "SseReader",
    "frame_of",
    "ndjson_line",
    "sse_frame",
]
