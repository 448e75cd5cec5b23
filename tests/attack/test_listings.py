"""What Asterisk shows of itself has no secret of ours: neither its listings nor its log, and no event."""

from pathlib import Path

from tests.integration.exchange import desk, exchange

SECRET = "s3cret-of-agi"
"""As tests/integration/machine.py has it."""


async def test_nothing_that_asterisk_shows_has_the_secret_of_agi_sessions(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, here.citizen() as citizen:
        await here.asterisk.command("logger add channel everything notice,warning,error,verbose(5),security")
        await citizen.place("12319")
        session, _ = await at.call()
        channel = session.request.channel
        shown = {
            command: await here.asterisk.command(command)
            for command in (
                "dialplan show",
                "dialplan show globals",
                f"core show channel {channel}",
                "core show channels verbose",
                "core show channels concise",
                "core show settings",
                "database show",
                "pjsip show endpoint anonymous",
            )
        }
        assert "/call" in shown["dialplan show"]
        assert "/call" in shown[f"core show channel {channel}"], "its application and data"
        told = await here.ami.link.list_action("Status", Channel=channel, AllVariables="true")
        events = here.ami.taken()
        assert "Newchannel" in [event.event for event in events]
        shown |= {"AMI": f"{told} {events}", "log": (here.folder / "log/everything").read_text()}
        assert "AGI(" in shown["log"]
        assert [name for name, text in shown.items() if SECRET in text] == []
        # the file itself: not for AMI, whose accounts may read variables
        for where in (channel, ""):
            of_file = f"FILE({here.folder}/etc/agi-secret)"
            assert (await here.ami.link.action("Getvar", Channel=where, Variable=of_file)).get("Value") == ""
