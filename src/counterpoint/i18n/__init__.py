"""Every sentence that a person reads, in English and French, kept beside each other as data.

`say("keys.created", name=...)` looks the id up in the reader's language. Catalogues are TOML tables whose
keys are dotted ids; both languages must have the same ids with the same placeholders (a test checks it).
"""

from counterpoint.i18n.catalogue import LANGUAGES, negotiate, say, system_language

__all__ = ["LANGUAGES", "negotiate", "say", "system_language"]
