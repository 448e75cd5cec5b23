"""No sentence is made plain English on its way to a person.

An f-string, `+`, `%`, `join` and methods of `str` around a `Sentence` make plain text of it, which no catalogue knows.
What is a sentence is read from the source: what `Sentence(…)`, `listed`, `joined` … make, what functions and fields
with that type give, and what an error was raised with. Lines of the log are English, so `log.…(…)` may.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.product import CHECKOUT, SOURCES

MAKERS = {"Sentence", "listed", "joined", "lines", "some_of", "one_of", "did_you_mean", "recognised", "changed"}
METHODS = {"capitalize", "format", "join", "lower", "lstrip", "removeprefix", "replace", "rstrip", "strip", "title"}
ERRORS = {"NotDone", "NotPossible"}
"""Errors that make a sentence of a template and its parts."""

ENGLISH = {"log", "logger", "_log"}
"""What takes English whoever reads it."""


def is_sentence(annotation: ast.expr | None) -> bool:
    return annotation is not None and "Sentence" in ast.unparse(annotation).replace("|", " ").split()


class Sentences(ast.NodeVisitor):
    """Names of functions, properties and fields that are declared as sentences in one file, and of errors that are
    raised with one.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.others: set[str] = set()
        self.errors: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        (self.names if is_sentence(node.returns) else self.others).add(node.name)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name):
            (self.names if is_sentence(node.annotation) else self.others).add(node.target.id)
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        raised = node.exc
        if isinstance(raised, ast.Call):
            name = ast.unparse(raised.func).rpartition(".")[2]
            if name in ERRORS or (raised.args and made(raised.args[0])):
                self.errors.add(name)


def made(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MAKERS


class Broken(ast.NodeVisitor):
    """Where one file makes plain text of a sentence."""

    def __init__(self, names: set[str], errors: set[str]) -> None:
        self.names, self.errors = names, errors
        self.local: set[str] = set()
        self.found: list[ast.expr] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self.local = self.local, set()
        self.generic_visit(node)
        self.local = before

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        names = {each.id for each in node.targets if isinstance(each, ast.Name)}
        self.local = self.local | names if self.whole(node.value) else self.local - names

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type] if node.type else []
        carries = any(ast.unparse(each).rpartition(".")[2] in self.errors for each in caught)
        if node.name and carries:
            self.local |= {node.name}
        self.generic_visit(node)
        self.local -= {node.name or ""}

    def visit_Call(self, node: ast.Call) -> None:
        if ast.unparse(node.func).partition(".")[0] in ENGLISH:
            return
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            joins = node.func.attr == "join" and any(map(self.whole, node.args))
            self.found.extend([node] if joins or self.whole(node.func.value) else [])
        self.generic_visit(node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> None:
        if self.whole(node.value) and node.conversion == -1:
            self.found.append(node.value)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add | ast.Mod) and (self.whole(node.left) or self.whole(node.right)):
            self.found.append(node)
        self.generic_visit(node)

    def whole(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return name in self.local
            case ast.Attribute(attr=name):
                return name in self.names
            case ast.Call(func=ast.Name(id="str"), args=[inner]):
                return self.whole(inner)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                return name in MAKERS or name in self.names
            case ast.IfExp(body=one, orelse=other):
                return self.whole(one) or self.whole(other)
            case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each):
                return self.whole(each)
        return False


def broken(sources: dict[str, str]) -> Iterator[str]:
    """`file:line: expression` of each."""
    trees = {name: ast.parse(source) for name, source in sources.items()}
    declared = Sentences()
    for tree in trees.values():
        declared.visit(tree)
    for name, tree in trees.items():
        found = Broken(declared.names - declared.others, declared.errors)
        found.visit(tree)
        yield from (f"{name}:{each.lineno}: {ast.unparse(each)}" for each in found.found)


def test_no_sentence_becomes_plain_text() -> None:
    sources = {str(file.relative_to(CHECKOUT)): Path(file).read_text(encoding="utf-8") for file in SOURCES}
    assert list(broken({name: source for name, source in sources.items() if not name.startswith("sentences/")})) == []


def test_each_way_to_break_one_is_found() -> None:
    ways = """
def told(why: str) -> Sentence:
    raise NotDone(Sentence("no"))
def wrong(log):
    try:
        words = Sentence("a")
        f"{words}: {told('x')}" + "b"
        words + "c"
        "%s" % listed([])
        "; ".join(told(each) for each in "ab")
        log.warning("x", why=f"{words}")
        f"{words!r}"
        Sentence("{words}", words=words)
    except NotDone as error:
        return f"not done: {error}"
"""
    assert [each.partition(" ")[0] for each in broken({"ways": ways})] == [
        *("ways:7:", "ways:7:", "ways:8:", "ways:9:", "ways:10:", "ways:15:")
    ]
