"""Sentences for administrators that can be said in another language: each knows its template and its values."""

from collections.abc import Mapping


class Said(str):
    """A sentence in English. `template` and `values` are what it was made of, for `hotline.chinese`."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]


def said(template: str, **values: object) -> Said:
    """`said("there is no menu {name}", name="'x'")`. Values may be such sentences too."""
    sentence = Said(template.format(**values))
    sentence.template, sentence.values = template, values
    return sentence
