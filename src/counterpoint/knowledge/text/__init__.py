"""Words of French and English: terms, sentences, languages, and where a quotation stands.

Every index gets its terms from here, so each of them ranks alike and a word is the same word everywhere.
"""

from counterpoint.knowledge.text.languages import language_of
from counterpoint.knowledge.text.splitting import sentences
from counterpoint.knowledge.text.terms import question_terms, terms

__all__ = ["language_of", "question_terms", "sentences", "terms"]
