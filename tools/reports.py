"""Writes the definitions of all figures into docs/reports.md and docs/reports.zh.md: `python -m tools.reports`.

They are the docstrings in `reports/figures`. What stands between the two marks there is made here. A test compares.
"""

from collections.abc import Iterator
from pathlib import Path

from reports.kinds import FAMILIES, FIGURES, NAMES, ReportKind, dimensions_of

DOCS = Path(__file__).resolve().parents[1] / "docs"
FILES = {"en": DOCS / "reports.md", "zh": DOCS / "reports.zh.md"}
BEGIN = "<!-- Made by `python -m tools.reports`. -->"
END = "<!-- End of what is made. -->"

_WORDS = {
    "en": ("figure", "name", "definition", "formula", "Records", "By {by}."),
    "zh": ("指标", "名称", "定义", "公式", "来源记录", "可按 {by} 分列。"),
}


def page(text: str, language: str) -> str:
    """The document with its definitions made anew."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{chr(10).join(_sections(language))}\n{END}{after}"


def _sections(language: str) -> Iterator[str]:
    chinese = language == "zh"
    *heads, by = _WORDS[language]
    for kind in ReportKind:
        name = NAMES[kind][0 if chinese else 1] + ("：" if chinese else ": ")
        dimensions = ", ".join(f"`{each}`" for each in dimensions_of(kind))
        yield f"### {name}`{kind}`\n\n{by.format(by=dimensions)}\n"
        yield f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}"
        for each in FIGURES.values():
            if each.family in FAMILIES[kind]:
                name, words = (each.zh, each.definition_zh) if chinese else (each.en, each.definition)
                yield f"| `{each.id}` | {name} | {words} | `{each.formula}` | {each.source} |"
        yield ""


if __name__ == "__main__":
    for language, file in FILES.items():
        file.write_text(page(file.read_text(encoding="utf-8"), language), encoding="utf-8")
