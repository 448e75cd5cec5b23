"""The picture for other programs that draw: Mermaid, and DOT for Graphviz. They show the same places and links."""

from collections.abc import Iterator

from hotline.drawing.model import PLACES, End, Graph, Kind, Link, Mark, Node, Reach, Tree, grown
from hotline.drawing.words import number, say, share, tongue
from ivr.model import Place

_SIGNS = {Mark.SAME: "", Mark.ADDED: "+ ", Mark.REMOVED: "− ", Mark.CHANGED: "≠ "}
_FILLS = {
    "start": ("#e7ecf2", "#1c2a3a"),
    **{look.drawn: (look.light[1], look.light[0]) for look in PLACES.values()},
    "missing": ("#fdeaec", "#c3212f"),
    "nobody": ("#fdeaec", "#c3212f"),
    "added": ("#dcf5e4", "#0f7a3d"),
    "removed": ("#eee9f5", "#6d5a86"),
    "changed": ("#fdf0cf", "#9a5b00"),
}
"""Fill and outline of each kind of place, of what nobody can reach, and of what changed."""

_DASHED = frozenset({"nobody", "missing", "removed"})
_GOODBYE = "goodbye"


def mermaid(graph: Graph) -> str:
    """A flowchart, as Markdown pages and wikis draw it."""
    tree = grown(graph)
    ids = {place: f"n{index}" for index, place in enumerate(graph.nodes)}
    lines = [f"---\ntitle: {_quoted(_heading(graph))}\n---", "flowchart LR"]
    shapes = {Kind.START: ("([", "])"), Kind.QUEUE: ("(", ")"), Kind.LINE: ("[[", "]]"), Kind.MISSING: ("{{", "}}")}
    for place, node in graph.nodes.items():
        left, right = shapes.get(node.kind, ("[", "]"))
        label = "<br/>".join(map(_for_mermaid, _told(tree, node)))
        lines.append(f'  {ids[place]}{left}"{label}"{right}:::{_class(node)}')
    if _says_goodbye(graph):
        lines.append(f'  {_GOODBYE}(["{say("goodbye", graph.language)}"])')
    for source, target, link in _links(graph):
        arrow = "-->" if link.by in ("key", "entry") else "-.->"
        words = _for_mermaid(_label(link, graph.language))
        label = f'|"{words}"|' if words else ""
        lines.append(f"  {ids[source]} {arrow}{label} {_GOODBYE if target is None else ids[target]}")
    for name, (fill, stroke) in _FILLS.items():
        dashes = ",stroke-dasharray:5 4" if name in _DASHED else ""
        lines.append(f"  classDef {name} fill:{fill},stroke:{stroke},color:#17222e{dashes}")
    return "\n".join(lines) + "\n"


def dot(graph: Graph) -> str:
    """A directed graph for Graphviz: `dot -Tpdf`."""
    tree = grown(graph)
    ids = {place: f"n{index}" for index, place in enumerate(graph.nodes)}
    lines = [
        "digraph hotline {",
        f'  graph [rankdir=LR, label={_quoted(_heading(graph))}, labelloc=t, fontname="Noto Sans CJK SC"]',
        '  node [shape=box, style="rounded,filled", fontname="Noto Sans CJK SC", fontsize=11]',
        '  edge [fontname="Noto Sans CJK SC", fontsize=9, color="#8fa1b3"]',
    ]
    for place, node in graph.nodes.items():
        fill, stroke = _FILLS[_class(node)]
        style = (
            "filled,dashed" if _class(node) in _DASHED else "rounded,filled" if node.kind == Kind.QUEUE else "filled"
        )
        label = _quoted("\n".join(_told(tree, node)))
        lines.append(f'  {ids[place]} [label={label}, style="{style}", fillcolor="{fill}", color="{stroke}"]')
    if _says_goodbye(graph):
        lines.append(f"  {_GOODBYE} [label={_quoted(say('goodbye', graph.language))}, shape=plaintext, style=solid]")
    for source, target, link in _links(graph):
        end = _GOODBYE if target is None else ids[target]
        style = "" if link.by in ("key", "entry") else ", style=dashed"
        lines.append(f"  {ids[source]} -> {end} [label={_quoted(_label(link, graph.language))}{style}]")
    return "\n".join([*lines, "}"]) + "\n"


def _heading(graph: Graph) -> str:
    return " · ".join((graph.title, *graph.notes))


def _told(tree: Tree, node: Node) -> Iterator[str]:
    """What is said of a place, line by line."""
    language = tree.graph.language
    yield _SIGNS[node.mark] + tree.title(node.place)
    yield from filter(None, node.details)
    if node.kind == Kind.MISSING:
        yield f"✕ {say('missing', language)}"
    elif node.reach is Reach.NOBODY:
        yield f"✕ {say('nobody', language)}"
    elif node.reach is Reach.TRANSFERS:
        yield say("transfers", language)
    if node.hours is not None:
        state = {True: "open", False: "closed", None: ""}[node.hours.open]
        yield " · ".join(filter(None, (node.hours.name, say(state, language) if state else "")))
    yield from node.changed
    if node.calls is not None:
        yield say("call" if node.calls == 1 else "calls", language, n=number(node.calls))
    if node.gave_up:
        yield say("gave-up", language, n=number(node.gave_up), share=share(node.gave_up, node.calls or 0))


def _label(link: Link, language: str) -> str:
    key = f"[{link.detail}]" if link.by in ("key", "waiting_key") else ""
    spoken = tongue(link.language, language) if link.language else ""
    was = say("was", language, what=link.was) if link.was else ""
    count = "" if link.count is None else number(link.count)
    words = " · ".join(filter(None, (link.label, spoken, f"“{link.says}”" if link.says else "", was, count)))
    return f"{_SIGNS[link.mark]}{key} {words}".strip()


def _class(node: Node) -> str:
    if node.mark is Mark.REMOVED:
        return "removed"
    if node.reach is Reach.NOBODY:
        return "nobody"
    return node.kind if node.mark is Mark.SAME else node.mark.value


def _links(graph: Graph) -> Iterator[tuple[Place, Place | None, Link]]:
    """Every link with both ends; None: the call ends there."""
    for place, node in graph.nodes.items():
        for link in node.links:
            yield place, place if link.end is End.REPEAT else link.to, link


def _says_goodbye(graph: Graph) -> bool:
    return any(target is None for _, target, _ in _links(graph))


def _for_mermaid(text: str) -> str:
    """Without what Mermaid would read as its own: it takes characters by their number."""
    return "".join(f"#{ord(sign)};" if sign in '"<>&#`|\\' else sign for sign in _printable(text))


def _quoted(text: str) -> str:
    lines = (_printable(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return '"' + "\\n".join(lines) + '"'


def _printable(text: str) -> str:
    """Without control characters, some of which end a line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
