"""The commands of `./wutong token`: tokens of programs. They go through the running service, as those of `user` do."""

import json
from typing import Annotated

import typer

from accounts.user_commands import AgentId, Departments, Name, Queues, Roles, described, rights
from commands.options import AsJson, State, client_of, folder_of
from commands.spans import minute, seconds, zone_of

app = typer.Typer(
    help="Tokens with which programs use the HTTP interface: add one, list them, revoke one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def add(
    name: Name,
    role: Roles,
    queue: Queues = [],  # noqa: B006 - typer reads it, nobody changes it
    department: Departments = [],  # noqa: B006
    agent: AgentId = None,
    expires: Annotated[
        str, typer.Option("--expires", metavar="SPAN", help="Time until it expires, such as 12h or 90d.")
    ] = "90d",
    state: State = None,
) -> None:
    """Add a token, and show it once."""
    wanted = {"name": name, "expires_s": seconds(expires), **rights(role, queue, department, agent)}
    added = client_of(state).add_token(wanted)
    typer.echo(added["token"])
    ends = minute(added["expires"], zone_of(folder_of(state)))
    typer.echo(f"It is shown only now, and ends at {ends}.", err=True)


@app.command("list")
def list_(state: State = None, as_json: AsJson = False) -> None:
    """List all tokens, without their secrets."""
    tokens = client_of(state).tokens()
    if as_json:
        typer.echo(json.dumps(tokens, ensure_ascii=False))
        return
    zone = zone_of(folder_of(state))
    for token in tokens:
        used = "never used" if token["used"] is None else f"used {minute(token['used'], zone)}"
        typer.echo(f"{described(token)}  ends {minute(token['expires'], zone)}  {used}")


@app.command()
def revoke(name: Name, state: State = None) -> None:
    """Revoke a token: it is refused from now on."""
    client_of(state).revoke_token(name)
    typer.echo(f"{name} is revoked")
