"""The card as a page for a web site: one file without scripts, all languages, readable by screen readers."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from drawing.card.model import Content, Direct, Entry
from drawing.card.page import code as drawn
from drawing.card.page import escape, say
from drawing.words import tongue

_STYLE = """\
:root { color-scheme: light dark; --ink: #17222e; --soft: #5a6772; --page: #f4f7f5; --card: #fff; --green: #14583a;
  --pale: #e8f2ec; --line: #dfe6e2; --amber: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9eef4; --soft: #9fb0c1; --page: #10161d; --card: #18212b;
  --green: #1d7a4c; --pale: #1d3428; --line: #2b3743; --amber: #ffc766; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.5;
  font-family: system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
nav { display: flex; gap: 1rem; justify-content: flex-end; max-width: 52rem; margin: 0 auto;
  padding: .75rem 1rem; }
a { color: inherit; }
section { max-width: 52rem; margin: 0 auto 3rem; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center; justify-content: space-between;
  background: var(--green); color: #fff; border-radius: 1rem; padding: 1.5rem 2rem; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.3rem; margin: 1.75rem 0 .75rem; }
.number { font-size: clamp(2.6rem, 11vw, 4.8rem); font-weight: 700; line-height: 1.15; text-decoration: none; }
.numbers { display: flex; flex-wrap: wrap; column-gap: 1.5rem; }
figure { margin: 0; text-align: center; background: #fff; color: #17222e; border-radius: .75rem;
  padding: .25rem .25rem .5rem; }
figure svg { width: 9rem; height: 9rem; display: block; }
ul { list-style: none; padding: 0; margin: 1.25rem 0; display: grid; gap: .75rem; }
li { background: var(--card); border-radius: .75rem; padding: .9rem 1.1rem; }
.choice { display: flex; gap: .9rem; align-items: start; font-size: 1.2rem; font-weight: 700; }
.choice > span { padding-top: .2rem; }
kbd { font: inherit; font-weight: 700; background: var(--green); color: #fff; border-radius: .4rem; min-width: 2.2rem;
  height: 2.2rem; display: inline-grid; place-items: center; flex: none; }
li ul { margin: .6rem 0 0 3.1rem; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .4rem .9rem; }
li li { padding: 0; }
li li .choice { font-size: 1rem; font-weight: 400; gap: .5rem; }
li li .choice > span { padding-top: .1rem; }
li li kbd { background: var(--pale); color: var(--ink); min-width: 1.7rem; height: 1.7rem; }
.heard { color: var(--amber); margin: .4rem 0 0 3.1rem; }
li li .heard { margin-left: 2.2rem; }
.soft { color: var(--soft); font-weight: 400; }
.hours { color: var(--soft); font-size: .9rem; font-weight: 400; margin: 0 0 .6rem; }
span.hours { display: block; margin: 0; }
.hours > span { white-space: nowrap; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); column-gap: 2.5rem;
  margin: 0; background: var(--card); border-radius: .75rem; padding: .4rem 1.1rem 0; overflow: hidden; }
dl div { display: flex; gap: 1rem; justify-content: space-between; padding: .45rem 0;
  box-shadow: 0 1px var(--line); }
dd { margin: 0; font-weight: 700; font-variant-numeric: tabular-nums; }
@media print { nav { display: none; } section { break-after: page; } }
"""


def web(contents: Sequence[Content], codes: Sequence[tuple[tuple[bool, ...], ...]], day: str) -> str:
    """One page with a section for each language. `codes`: the QR code of each. `day`: when it was made."""
    first = contents[0]
    links = "".join(
        f'<a href="#{each.language}" lang="{each.language}">{escape(tongue(each.language, each.language))}</a>'
        for each in contents
    )
    links = f"<nav>{links}</nav>" if len(contents) > 1 else ""
    sections = "\n".join(_section(content, code, day) for content, code in zip(contents, codes, strict=True))
    return (
        f'<!doctype html>\n<html lang="{first.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(first.name)} {escape(first.numbers[0])}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f"{links}\n{sections}\n</body>\n</html>\n"
    )


def _section(content: Content, code: tuple[tuple[bool, ...], ...], day: str) -> str:
    language = content.language
    numbers = "".join(
        f'<a class="number" href={quoteattr(f"tel:{number}")}>{escape(number)}</a>' for number in content.numbers
    )
    side = len(code)
    label = quoteattr(say("scan", language))
    picture = f'<svg viewBox="0 0 {side} {side}" role="img" aria-label={label}>'
    hours = f"<p>{say('hours', language)} {escape(content.hours)}</p>" if content.hours else ""
    others = (
        f"<h2>{say('always', language)}</h2><ul>{_entries(content.others, language)}</ul>" if content.others else ""
    )
    direct = _lines(say("lines", language), content.lines, content) if content.lines else ""
    direct += "".join(
        _lines(say("by-district", language, name=group.name), group.lines, content, group.hours)
        for group in content.districts
    )
    made = say("version", language, version=content.version or "—", day=day)
    return (
        f'<section id="{language}" lang="{language}">\n<header><div><h1>{escape(content.heading)}</h1>'
        f'<div class="numbers">{numbers}</div>{hours}</div>'
        f"<figure>{picture}{drawn(code, 0, 0, side)}</svg><figcaption>{say('scan', language)}</figcaption></figure>"
        f"</header>\n<h2>{say('keys', language)}</h2>\n<ul>{_entries(content.entries, language)}</ul>\n{others}\n"
        f'{direct}\n<p class="soft">{made}</p>\n</section>'
    )


def _lines(title: str, lines: Sequence[Direct], content: Content, hours: str = "") -> str:
    """Lines with their numbers; without one, with the hotline's. `hours`: of all of them."""
    numbers = [(line, line.number or content.numbers[0]) for line in lines]
    listed = "".join(
        f"<div><dt>{escape(line.name)}{_hours(line.hours)}</dt>"
        f"<dd><a href={quoteattr(f'tel:{number}')}>{escape(number)}</a></dd></div>"
        for line, number in numbers
    )
    above = f'<p class="hours">{_unbroken(hours)}</p>' if hours else ""
    return f"<h2>{escape(title)}</h2>{above}<dl>{listed}</dl>"


def _entries(entries: Sequence[Entry], language: str) -> str:
    return "\n".join(_entry(entry, language) for entry in entries)


def _entry(entry: Entry, language: str) -> str:
    heard = f'<p class="heard">{escape(entry.message)}</p>' if entry.message else ""
    below = f"<ul>{_entries(entry.below, language)}</ul>" if entry.below else ""
    words = f"<span>{escape(entry.label)}{_hours(entry.hours)}</span>"
    return f'<li><div class="choice"><kbd>{escape(entry.key)}</kbd>{words}</div>{heard}{below}</li>'


def _hours(hours: str) -> str:
    return f' <span class="hours">{_unbroken(hours)}</span>' if hours else ""


def _unbroken(hours: str) -> str:
    """Hours with no line break within a time from and to."""
    return re.sub(r"[0-9:]+-[0-9:]+", r"<span>\g<0></span>", escape(hours))
