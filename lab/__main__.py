"""`python -m lab` is `./wutong` with what only a checkout has: tests, benchmarks, storms, the demo."""

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.options import AsJson, BasePort, State, fail
from service.cli.commands import app, main


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run all checks and tests, real Asterisk included. Further arguments go to pytest."""
    from lab.testing import run

    raise typer.Exit(run(context.args))


@app.command()
def bench(
    quick: Annotated[bool, typer.Option("--quick", help="One round with few phones: 40 s, rough figures.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure Wutong beside app_queue on one Asterisk, and with 1,000 callers waiting. Takes 10 minutes."""
    _need("httpx")
    from lab.bench.run import run

    raise typer.Exit(run(quick=quick, as_json=as_json))


@app.command()
def chaos(
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, max=1440, help="How long the storm lasts.")] = 10,
    seed: Annotated[int, typer.Option("--seed", help="Number of the storm: the same seed breaks the same things.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="A minute, with fewer phones: most faults once.")] = False,
    callbacks: Annotated[
        bool, typer.Option("--callbacks", help="Only callers who are called back, and faults at every step of that.")
    ] = False,
    machines: Annotated[
        int, typer.Option("--machines", min=1, max=5, help="More than 1: break who leads of so many machines.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Break a busy test hotline on purpose, and count the losses. Exit status 1 if there is any."""
    _need("httpx")
    from lab.chaos.command import over_machines, run

    if machines > 1:
        if callbacks:
            fail("--callbacks is for one machine: leave out --machines")
        seconds = None if quick else minutes * 60
        raise typer.Exit(over_machines(machines, seconds=seconds, seed=seed, as_json=as_json))
    raise typer.Exit(run(seconds=None if quick else minutes * 60, seed=seed, callbacks=callbacks, as_json=as_json))


@app.command()
def fuzz(
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, max=1440, help="How long the rounds go on.")] = 10,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the first round; each further round adds 1.")] = 1,
    only: Annotated[list[str] | None, typer.Option("--only", help="Try this property only; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send random odd and hostile input to a test hotline. Exit status 1 if anything fails."""
    _need("schemathesis")
    from lab.fuzz.command import run

    raise typer.Exit(run(minutes=minutes, seed=seed, only=only or [], as_json=as_json))


@app.command()
def demo(
    agents: Annotated[int, typer.Option("--agents", min=1, max=60, help="Robots who are agents.")] = 20,
    calls_per_hour: Annotated[
        float,
        typer.Option("--calls-per-hour", min=1, max=6_000, help="Calls an hour; in the history, in the busiest hour."),
    ] = 600,
    history: Annotated[
        str, typer.Option("--history", metavar="SPAN", help="How far back it goes: 7d, 12h, 0h.")
    ] = "7d",
    speed: Annotated[
        float, typer.Option("--speed", min=1, max=10, help="How many times faster than people the robots are.")
    ] = 1,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the state folder at the end.")] = False,
    state: State = None,
    ports: BasePort = None,
) -> None:
    """Run a hotline of its own, where callers and agents are robots, until Ctrl-C. Then remove its state folder."""
    from commands.options import seconds
    from lab.demo.command import LONGEST, Wanted, run
    from lab.demo.pace import Pace

    if (span := seconds(history)) > LONGEST:
        fail(f"--history {history}: 30d is the most")
    raise typer.Exit(run(Wanted(Pace(agents, calls_per_hour, speed), span, state, ports, keep)))


@app.command()
def sbom(
    output: Annotated[
        Path | None, typer.Option("--output", help="Write it to this file instead of printing it.")
    ] = None,
) -> None:
    """List every package, also of the console, with hashes and licence, as CycloneDX JSON. Needs no network."""
    _need("cyclonedx")
    from lab.supply.bom import run

    try:
        text, number, without = run(output)
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}")
    if output is None:
        typer.echo(text)
    told = f"; no licence is known of {', '.join(without)}" if without else ""
    typer.echo(f"{number} packages{told}", err=True)


@app.command("audit-dependencies")
def audit_dependencies(as_json: AsJson = False) -> None:
    """Ask for known vulnerabilities of all packages. Exit status 1: there are some; 2: it could not ask about all."""
    _need("pip_audit")
    from lab.supply.advisories import ask

    audit = ask()
    typer.echo(json.dumps(audit.as_json(), indent=2) if as_json else "\n".join(audit.lines()))
    raise typer.Exit(audit.status)


def _need(package: str) -> None:
    """End the program with a sentence if `package`, one of the test dependencies, is missing."""
    from importlib.util import find_spec

    if find_spec(package) is None:
        fail(f"{package} is missing: give the command as ./wutong, which installs what it needs")


if __name__ == "__main__":
    main()
