"""What clients may come back to: answers that were kept, and conversations. Values, and the questions about them.

Gateway workers open no database, so they ask the control process, which answers in these values; neither knows the
other. Items and answers are JSON in the words of the dialect that they were given in: whoever keeps them does not
read them.
"""

from counterpoint.kept.values import (
    Ask,
    Conversation,
    Drop,
    DropConversation,
    DropItem,
    Find,
    FindConversation,
    Follow,
    Followed,
    Found,
    FoundConversation,
    Item,
    Items,
    Keep,
    KeepConversation,
    Kept,
    ListItems,
    Nothing,
    Report,
    Reported,
    Stop,
    Tell,
    Trace,
    Trail,
)

__all__ = [
    "Ask",
    "Conversation",
    "Drop",
    "DropConversation",
    "DropItem",
    "Find",
    "FindConversation",
    "Follow",
    "Followed",
    "Found",
    "FoundConversation",
    "Item",
    "Items",
    "Keep",
    "KeepConversation",
    "Kept",
    "ListItems",
    "Nothing",
    "Report",
    "Reported",
    "Stop",
    "Tell",
    "Trace",
    "Trail",
]
