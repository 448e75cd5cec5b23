"""The commands of `./wutong user` and `./wutong token`: the people and programs that may sign in.

They go through the running service: there is one writer of accounts, each change holds at once, the audit has it.
"""

import json
import sys
from typing import Annotated, Any

import typer

from commands.options import (
    AsJson,
    State,
    Yes,
    client_of,
    consent,
    fail,
    folder_of,
    minute,
    question,
    say,
    seconds,
    zone_of,
)
from sentences.sentence import Sentence, joined, listed, template

app = typer.Typer(
    help="People who may sign in: add, list, change and remove them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name: small letters, digits, `.`, `_`, `-`, such as wang.")]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role", help="Role: agent, supervisor, administrator, operations or department; may be given more than once."
    ),
]
Queues = Annotated[list[str], typer.Option("--queue", help="Limit to this queue; may be given more than once.")]
Departments = Annotated[
    list[str], typer.Option("--department", help="Limit to this sub-hotline; may be given more than once.")
]
AgentId = Annotated[str | None, typer.Option("--agent", help="The agent's id, for the role agent, such as 1001.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it; do not ask for one.")]


@app.command()
def add(
    name: Name,
    role: Roles,
    queue: Queues = [],  # noqa: B006 - typer reads it, nobody changes it
    department: Departments = [],  # noqa: B006
    agent: AgentId = None,
    generate: Generate = False,
    state: State = None,
) -> None:
    """Add a person. Asks for the password, or reads it from the first line of the input."""
    client = client_of(state)
    password = None if generate else _password()
    added = client.add_person({"name": name, "password": password, **rights(role, queue, department, agent)})
    say(Sentence("{name} may sign in", name=name))
    if added["password"] is not None:
        say(Sentence("password: {password}  (it is shown only now)", password=added["password"]))


@app.command("list")
def list_(state: State = None, as_json: AsJson = False) -> None:
    """List all people who may sign in."""
    people = client_of(state).people()
    if as_json:
        typer.echo(json.dumps(people, ensure_ascii=False))
        return
    for person in people:
        sessions = person["sessions"]
        signed_in = Sentence("signed in {count}x", count=sessions) if sessions else Sentence("not signed in")
        ways = [Sentence("with a code")] * person["second_factor"] + [Sentence("by OpenID")] * person["openid"]
        say(joined((described(person), signed_in, *ways), SPACED))


@app.command()
def password(name: Name, generate: Generate = False, state: State = None) -> None:
    """Give a person another password, and end the person's sessions."""
    client = client_of(state)
    password = client.set_password(name, None if generate else _password())
    say(Sentence("{name} has another password", name=name))
    if password is not None:
        say(Sentence("password: {password}  (it is shown only now)", password=password))


@app.command("forget-code")
def forget_code(name: Name, yes: Yes = False, state: State = None) -> None:
    """Let a person who has lost the device sign in without a code, and end the person's sessions. Asks first."""
    client = client_of(state)
    consent(Sentence("{name} will sign in with the password alone.", name=name), yes=yes)
    client.remove_second_factor(name)
    say(Sentence("{name} needs no code any more", name=name))


@app.command()
def role(
    name: Name,
    role: Roles,
    queue: Queues = [],  # noqa: B006
    department: Departments = [],  # noqa: B006
    agent: AgentId = None,
    state: State = None,
) -> None:
    """Set a person's roles and limits anew."""
    client_of(state).change_person(name, rights(role, queue, department, agent))
    typer.echo(f"{name}: {', '.join(role)}")


@app.command()
def remove(name: Name, yes: Yes = False, state: State = None) -> None:
    """Remove a person, and end the person's sessions. Asks first."""
    client = client_of(state)
    consent(Sentence("{name} will not be able to sign in any more.", name=name), yes=yes)
    client.remove_person(name)
    say(Sentence("{name} is removed", name=name))


def rights(role: list[str], queue: list[str], department: list[str], agent: str | None) -> dict[str, Any]:
    """An account's roles and limits, for HTTP."""
    return {"roles": role, "queues": queue, "departments": department, "agent": agent}


SPACED = template("{sentences}  {sentence}")


def described(account: dict[str, Any]) -> str:
    """One account in one line."""
    scope = [*account["queues"], *(Sentence("department {name}", name=name) for name in account["departments"])]
    agent = [] if account["agent"] is None else [Sentence("agent {agent}", agent=account["agent"])]
    parts = [
        account["name"],
        ", ".join(account["roles"]),
        *agent,
        *([Sentence("only {names}", names=listed(scope))] if scope else []),
    ]
    return joined(parts, SPACED)


def _password() -> str:
    """The password: a person types it twice, or it is the first line of the input."""
    if sys.stdin.isatty():
        while (typed := question(Sentence("Password: "), hidden=True)) != question(
            Sentence("The same again: "), hidden=True
        ):
            say(Sentence("These two differ. Once more:"), err=True)
        return typed
    line = sys.stdin.readline().rstrip("\n")
    if not line:
        fail(Sentence("No password came: write it to the input, or give --generate"))
    return line


# The commands of `./wutong token`: tokens of programs. They go through the running service, as those of `user` do.


token_app = typer.Typer(
    help="Tokens with which programs use the HTTP interface: add one, list them, revoke one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@token_app.command("add")
def add_token(
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
    say(Sentence("It is shown only now, and ends at {ends}.", ends=ends), err=True)


@token_app.command("list")
def list_tokens(state: State = None, as_json: AsJson = False) -> None:
    """List all tokens, without their secrets."""
    tokens = client_of(state).tokens()
    if as_json:
        typer.echo(json.dumps(tokens, ensure_ascii=False))
        return
    zone = zone_of(folder_of(state))
    for token in tokens:
        ends = Sentence("ends {when}", when=minute(token["expires"], zone))
        used = token["used"]
        last = Sentence("never used") if used is None else Sentence("used {when}", when=minute(used, zone))
        say(joined((described(token), ends, last), SPACED))


@token_app.command()
def revoke(name: Name, state: State = None) -> None:
    """Revoke a token: it is refused from now on."""
    client_of(state).revoke_token(name)
    say(Sentence("{name} is revoked", name=name))
