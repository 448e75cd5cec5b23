"""Words in the reader's language.

They are apart from `inwords`, whose models take a tenth of a second to load: every command says something, and few need
a tree.
"""


def either(zh: str, en: str, language: str) -> str:
    """The words for a reader of `language`: Chinese for `zh`, else English."""
    return zh if language == "zh" else en
