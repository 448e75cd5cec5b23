"""The commands of `./wutong node`: the machines of a hotline that has several."""

import json
from typing import Annotated, Any

import typer

from commands.options import AsJson, State, Yes, client_of, consent, folder_of, minute, say, zone_of
from nodes.model import Part
from sentences.sentence import Sentence, joined, template

app = typer.Typer(
    help="The machines of a hotline that has several: list them, remove one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SPACED = template("{sentences}  {sentence}")

PARTS = {
    Part.LEADS: template("leads (epoch {epoch})"),
    Part.STANDS_BY: template("stands by"),
    Part.AWAY: template("away, seen last {seen}"),
}


BACKS = {True: Sentence("backs the leader"), False: Sentence("does not back the leader")}
"""Whether a machine lets the leader lead on without PostgreSQL."""


@app.command("list")
def list_(state: State = None, as_json: AsJson = False) -> None:
    """List the machines: which leads, which stand by, which are away. Ask the one that leads."""
    nodes = client_of(state).nodes()
    if as_json:
        typer.echo(json.dumps(nodes, ensure_ascii=False))
        return
    if not nodes:
        say(Sentence("this is the only machine: the setting stand_by is off"))
        return
    zone = zone_of(folder_of(state))
    for node in nodes:
        say(described(node, minute(node["since"], zone), minute(node["seen"], zone)))


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the machine, its setting `node`.")],
    yes: Yes = False,
    state: State = None,
) -> None:
    """Forget a machine that is away for good. Asks first. The leader, and one that lives, cannot be removed."""
    client = client_of(state)
    consent(Sentence("{name} is forgotten, unless it comes back.", name=name), yes=yes)
    client.remove_node(name)
    say(Sentence("{name} is removed", name=name))


def described(node: dict[str, Any], since: str, seen: str) -> str:
    """One machine in one line. `since`, `seen`: as people read them."""
    part = Sentence(PARTS[Part(node["part"])], epoch=node["epoch"], seen=seen)
    parts = (
        node["name"],
        part,
        Sentence("since {when}", when=since),
        Sentence("version {version}", version=node["version"]),
        *([node["address"]] if node["address"] else []),
        *([] if node["backs"] is None else [BACKS[node["backs"]]]),
    )
    return joined(parts, SPACED)
