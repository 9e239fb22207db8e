"""Search: questions, and the passages that answer them."""

from counterpoint.knowledge.search.searcher import Searcher
from counterpoint.knowledge.search.values import Allowed, Candidate, Found, FoundPassage, Trace

__all__ = ["Allowed", "Candidate", "Found", "FoundPassage", "Searcher", "Trace"]
