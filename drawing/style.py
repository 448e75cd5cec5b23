"""The style sheet of a drawing, and its signs: explicit colours for light and dark, which every program that shows SVG
understands.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

from ivr.model import KINDS

_LIGHT = {
    "sheet": "#ffffff",
    "card": "#ffffff",
    "ink": "#17222e",
    "muted": "#566575",
    "wire": "#8fa1b3",
    "key": "#f3f5f8",
    "key-line": "#aab6c3",
    "plain-tint": "#e7ecf2",
    "bad": "#c3212f",
    "bad-tint": "#fdeaec",
    "added": "#0f7a3d",
    "added-tint": "#dcf5e4",
    "removed": "#6d5a86",
    "removed-tint": "#eee9f5",
    "changed": "#9a5b00",
    "changed-tint": "#fdf0cf",
    "rule": "#dfe5eb",
}
_DARK = {
    "sheet": "#10161d",
    "card": "#18212b",
    "ink": "#e9eef4",
    "muted": "#9fb0c1",
    "wire": "#5f7388",
    "key": "#243040",
    "key-line": "#52667b",
    "plain-tint": "#2a3644",
    "bad": "#ff8189",
    "bad-tint": "#43191d",
    "added": "#6fdc97",
    "added-tint": "#14361f",
    "removed": "#c3aee2",
    "removed-tint": "#2f2640",
    "changed": "#ffc766",
    "changed-tint": "#3d2d0c",
    "rule": "#2b3846",
}
FONT = (
    'Inter, "Noto Sans", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", Arial, sans-serif'
)

_FIXED = f"""\
svg.tree {{ font-family: {FONT}; font-size: 13px; }}
svg.tree text {{ white-space: pre; }}
.heading {{ font-size: 25px; font-weight: 700; }}
.note {{ font-size: 13px; }}
.title, .number {{ font-weight: 700; }}
.title {{ font-size: 15px; }}
.number {{ font-size: 22px; letter-spacing: 0.5px; }}
.fact, .tag, .was, .said, .count, .figure, .lost, .small-text {{ font-size: 11px; }}
.said {{ font-style: italic; }}
.count, .figure, .lost, .key-ink, .sign {{ font-weight: 700; }}
.condition, .chip, .pill-ink {{ font-size: 11.5px; }}
.key-ink {{ font-size: 12px; }}
.gone {{ text-decoration: line-through; }}
.icon {{ fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }}
.wire {{ fill: none; stroke-linecap: round; }}
.wire-time {{ stroke-dasharray: 5 4; stroke-linecap: butt; }}
.frame {{ stroke-width: 1.5; }}
.nobody .frame, .removed .frame {{ stroke-dasharray: 6 4; stroke-width: 2; }}
.added .frame, .changed .frame {{ stroke-width: 2.4; }}
"""


_QUIET = ("repeat", "back", "language", "goodbye", "message", "callback", "survey", "page")
"""Signs that have no colour of their own."""


def sheet() -> str:
    """The whole style sheet. On paper it is light."""
    looks = [kind.look for kind in KINDS.values() if kind.section]
    light = {"start": ("#1c2a3a", "#e7ecf2"), **{look.drawn: look.light for look in looks}}
    dark = {"start": ("#dbe5ef", "#2a3644"), **{look.drawn: look.dark for look in looks}}
    on_screens = "@media screen and (prefers-color-scheme: dark)"
    return f"{_FIXED}{_coloured(_LIGHT, light)}{on_screens} {{\n{_coloured(_DARK, dark)}}}\n"


def element() -> str:
    """What stands between the tags of the element `style`."""
    return f"\n{sheet()}"


def _coloured(colour: dict[str, str], kinds: Mapping[str, tuple[str, str]]) -> str:
    """`kinds`: the colour of the line and of the ground of each kind of node."""
    c = colour
    rules = {
        ".sheet": f"fill: {c['sheet']}",
        "text, .heading, .title, .number, .label, .chip, .pill-ink, .condition": f"fill: {c['ink']}",
        ".note, .fact, .said, .minor-ink, .small-text": f"fill: {c['muted']}",
        ".count, .figure": f"fill: {c['ink']}",
        ".lost": f"fill: {c['bad']}",
        ".was": f"fill: {c['changed']}",
        ".gone": f"fill: {c['muted']}",
        ".icon, path.muted-ink": f"stroke: {c['muted']}",
        ", ".join(f"path.{kind}-ink" for kind in _QUIET): f"stroke: {c['muted']}",
        ".frame": f"fill: {c['card']}; stroke: {c['muted']}",
        ".wire": f"stroke: {c['wire']}",
        ".port": f"fill: {c['wire']}; stroke: {c['card']}",
        ".key": f"fill: {c['key']}; stroke: {c['key-line']}",
        ".key-ink": f"fill: {c['ink']}",
        ".key.minor": f"fill: {c['card']}; stroke: {c['key-line']}",
        ".minor-ink": f"fill: {c['muted']}",
        ".bar": f"fill: {c['rule']}",
        ".bar-lost": f"fill: {c['bad']}",
        ".rule": f"stroke: {c['rule']}",
        ".pill": f"fill: {c['key']}",
        ".tag-plain": f"fill: {c['plain-tint']}",
        "text.tag-plain-ink": f"fill: {c['ink']}",
        "path.tag-plain-ink": f"stroke: {c['ink']}",
        ".tag-bad, .tag-closed": f"fill: {c['bad-tint']}",
        "text.tag-bad-ink, text.tag-closed-ink, text.bad-ink": f"fill: {c['bad']}",
        "path.tag-bad-ink, path.tag-closed-ink, path.bad-ink, path.nobody-ink": f"stroke: {c['bad']}",
        ".pill-nobody, .missing .band": f"fill: {c['bad-tint']}",
        "text.sign": f"fill: {c['sheet']}",
    }
    for kind, (line, tint) in kinds.items():
        rules |= {
            f".{kind} .frame": f"stroke: {line}",
            f".{kind} .band, .pill-{kind}": f"fill: {tint}",
            f"path.{kind}-ink, .{kind} .head .icon": f"stroke: {line}",
        }
    for mark in ("added", "removed", "changed"):
        rules |= {
            f".tag-{mark}, .band-{mark}": f"fill: {c[f'{mark}-tint']}",
            f".dot-{mark}": f"fill: {c[mark]}",
            f"text.tag-{mark}-ink, text.{mark}-ink": f"fill: {c[mark]}",
            f".icon.tag-{mark}-ink": f"stroke: {c[mark]}",
            f".node.{mark} .frame": f"stroke: {c[mark]}",
            f".wire.{mark}": f"stroke: {c[mark]}",
        }
    rules |= {
        ".missing .frame, .node.nobody .frame": f"stroke: {c['bad']}",
        ".head .icon.tag-bad-ink, .head .icon.tag-closed-ink, .head .icon.bad-ink": f"stroke: {c['bad']}",
        ".head .icon.tag-plain-ink": f"stroke: {c['ink']}",
        ".wire.nobody": f"stroke: {c['bad']}",
    }
    return "".join(f"{selector} {{ {rule}; }}\n" for selector, rule in rules.items())


CONTENT_SECURITY_POLICY = (
    "default-src 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(element().encode()).digest()).decode()}'"
)
"""What a browser may do for a drawing that it opens: use the style sheet in it, and nothing else."""


# The signs of a drawing, drawn on 16 by 16 pixels: strokes, which need no font and print in one colour.


ICONS: Mapping[str, str] = {
    **{kind.look.drawn: kind.look.icon for kind in KINDS.values() if kind.look.drawn},
    "start": "M3.2 2.2h2.6l1.3 3.3-1.7 1.2a8 8 0 0 0 3.9 3.9l1.2-1.7 3.3 1.3v2.6c0 .6-.5 1-1.1 1C6.9 13.4 2.6 9.1 2.2"
    " 3.3c0-.6.4-1.1 1-1.1z",
    "missing": "M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.2",
    "back": "M6.5 3 2.5 7l4 4M2.8 7h6.7a4 4 0 0 1 0 8H8",
    "callback": "M13.5 3v6h-9M7.5 6l-3 3 3 3",
    "survey": "M3.5 2.5h9v11h-9zM5.5 6l1 1 1.6-1.8M10 6.2h1M5.5 10.2l1 1 1.6-1.8M10 10.4h1",
    "hung-up": "M4 4l8 8M12 4l-8 8",
    "cross": "M4 4l8 8M12 4l-8 8",
    "transfer": "M2 5.5h11M10 2.5l3 3-3 3M14 11H6",
    "added": "M8 3v10M3 8h10",
    "removed": "M3 8h10",
    "changed": "M3 6h10M3 10h10M10.5 3l-5 10",
    "clock": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.6V8l2.4 1.6",
    "silence": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.4 6.2a1.7 1.7 0 1 1 2.4 1.6c-.5.3-.8.6-.8 1.2M8 11.2v.2",
    "unanswered": "M2.5 6.5 6 10l7.5-6.5M2.5 10V6.5H6M2.5 13.5h11",
    "arrow": "M2.5 8h10M9 4.5 12.5 8 9 11.5",
    "language": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12",
    "page": "M4 1.8h5.5L12.5 5v9.2H4zM9.3 2v3.2h3",
}
