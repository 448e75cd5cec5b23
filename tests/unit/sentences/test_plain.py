"""What people are shown is a `Sentence`, and no plain English.

Four rules, read from the source. What is given to `SHOWING` has no words of its own. An error that is raised with a
sentence somewhere is raised with one everywhere. A function that returns a sentence returns no plain words. What the
system says of a failure stands in a sentence only as `recognised(…)`.

English for programmers and for the log stays: other errors (`ValueError`, but for the settings), lines of the log, the
description of the HTTP interface, the name of a program. The help of commands is looked up in the catalogues.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from tests.product import CHECKOUT, SOURCES
from tests.unit.sentences.test_whole import ERRORS, made

SHOWING = {
    *(
        "confirm",
        "consent",
        "echo",
        "fail",
        "print",
        "problem",
        "progress",
        "prompt",
        "question",
        "say",
        "step",
        "tell",
    ),
    *("Refuse", "Refusal", "_Refusal", "_refuse", "_unknown", "refuse", "response", "__init__"),  # of HTTP, of errors
}

GENERAL = {"ValueError", "OSError", "RuntimeError", "TypeError"}
"""Errors that mostly programmers see."""

SYSTEM = re.compile(
    r"\b(OSError|_?FAILURES|REPAIRABLE|\w*(Timeout|Connection|Permission|FileExists|SQLAlchemy)Error)\b"
)
"""Errors with the words of the system or of the database."""

ENGLISH = (
    "sentences/",
    *("calls/steps_in_words.py", "drawing/", "logs/words.py", "wall/scene.py"),  # tables of both languages
    *("dialplan/agi_session.py", "dialplan/wire/agi.py", "journal/segment.py", "journal/spool.py"),  # for the log
    "sounds/recogniser/",  # its program must not change: what it has heard is kept with its digest
)

WORDS = re.compile(r"(?<![\w./$-])[A-Za-z]{2,}[,:;.]? [A-Za-z]{2,}|[A-Za-z]{3,}:? \{\}|\{\} [A-Za-z]{3,}")
COMMAND = re.compile(r"^(\./wutong|apt-get|python -m) ")


def said(node: ast.expr) -> str:
    """The text of a literal, `{}` for its fields; empty: it is none."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
    return ""


def plain(node: ast.expr | None) -> bool:
    """Whether it gives words that are in no sentence."""
    match node:
        case ast.Constant() | ast.JoinedStr():
            return WORDS.search(said(node)) is not None and COMMAND.match(said(node)) is None
        case ast.IfExp(body=one, orelse=other):
            return plain(one) or plain(other)
        case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            return any(map(plain, values))
        case ast.BinOp(left=left, right=right):
            return plain(left) or plain(right)
        case ast.Starred(value=value):
            return plain(value)
        case ast.Call(func=ast.Attribute(attr="join"), args=[ast.GeneratorExp(elt=each) | ast.ListComp(elt=each)]):
            return plain(each)
        case ast.Call(func=ast.Attribute(attr="join"), args=[each]):
            return plain(each)
    return False


def sentence(node: ast.expr) -> bool:
    """Whether it may give one."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            return sentence(one) or sentence(other)
        case ast.BoolOp(values=values):
            return any(map(sentence, values))
    return made(node)


def named(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def raised(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield named(node.exc.func), node.exc


def errors(trees: Iterable[ast.AST]) -> set[str]:
    """Those that are raised with a sentence."""
    return {name for tree in trees for name, call in raised(tree) if any(map(sentence, given(call)))}


def given(call: ast.Call) -> list[ast.expr]:
    """What it is given, but for the template of a sentence that it makes itself: it has parts then."""
    template = named(call.func) in ERRORS and call.keywords and isinstance(call.args[0], ast.Constant)
    return [*call.args[1 if template else 0 :], *(keyword.value for keyword in call.keywords)]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def returned(function: ast.AST) -> Iterator[ast.expr]:
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from returned(node)


def of_the_system(tree: ast.AST) -> Iterator[ast.expr]:
    """Fields of sentences that are the system's words as they came."""
    for handler in ast.walk(tree):
        if isinstance(handler, ast.ExceptHandler) and handler.type and SYSTEM.search(ast.unparse(handler.type)):
            words = {each.format(handler.name) for each in ("{}", "str({})", "{}.strerror", "str({}.strerror)")}
            shown = (
                call for call in calls(handler) if named(call.func) in {"Sentence", "NotDone", "finding", *SHOWING}
            )
            yield from (each for call in shown for each in given(call) if ast.unparse(each) in words)


def found(sources: dict[str, str]) -> Iterator[str]:
    """`file:line: words` of each."""
    trees = {name: ast.parse(source) for name, source in sources.items()}
    seen = errors(trees.values()) - GENERAL
    for name, tree in trees.items():
        wrong = [each for call in calls(tree) if named(call.func) in SHOWING for each in given(call) if plain(each)]
        kinds = seen | GENERAL if name.startswith("settings/") else seen
        wrong += [each for call in calls(tree) if named(call.func) in kinds for each in given(call) if plain(each)]
        wrong += of_the_system(tree)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                answers = list(returned(function))
                if any(map(sentence, answers)):
                    wrong += filter(plain, answers)
        yield from (f"{name}:{each.lineno}: {ast.unparse(each)}" for each in wrong)


def test_people_are_shown_sentences() -> None:
    sources = {str(file.relative_to(CHECKOUT)): file.read_text(encoding="utf-8") for file in SOURCES}
    assert list(found({name: source for name, source in sources.items() if not name.startswith(ENGLISH)})) == []


def test_each_way_to_show_plain_words_is_found() -> None:
    ways = """
def one(x):
    if x:
        raise NotDone(Sentence("no"))
    raise NotDone(f"there is no {x}")
    raise NotDone("there is no {x}", x=x)
def two(x):
    typer.echo("nothing runs here" if x else Sentence("it runs"))
    say(f"{x} runs")
    fail("; ".join(f"{each} is wrong" for each in x))
    tell(Sentence("{x} is well", x=x))
    tell(f"./wutong down --state {x}")
    raise LookupError("nobody sees that")
    later(NotDone("it is too late"))
def three(x):
    return Sentence("all is well") if x else "nothing is well"
def four(x):
    if x:
        return "nothing is well"
    return Sentence("all is well")
def five(x):
    try:
        x()
    except (OSError, NotDone) as error:
        tell(Sentence("it broke: {why}", why=str(error)))
        tell(Sentence("it broke: {why}", why=recognised(error)))
    except NotDone as error:
        tell(Sentence("it broke: {why}", why=str(error)))
"""
    assert [each.partition(" ")[0] for each in found({"ways": ways})] == [
        *("ways:8:", "ways:9:", "ways:10:", "ways:5:", "ways:14:", "ways:25:", "ways:16:", "ways:19:")
    ]
