"""What the robots have seen, for the line that the demo shows while it runs."""

from dataclasses import dataclass


@dataclass(slots=True)
class Scores:
    """calls     that robots have placed
    live      of these, those that go on
    answered  rings that robots answered, of anybody's calls
    gave_up   robots who hung up while they waited
    failed    calls of robots that the hotline did not take
    left_out  calls that were not placed, as too many were live
    woken     robots that were not ready without a reason, and were made ready
    anew      robots that went wrong, and began anew
    played, not_played  scenes of the programme
    """

    calls: int = 0
    live: int = 0
    answered: int = 0
    gave_up: int = 0
    failed: int = 0
    left_out: int = 0
    woken: int = 0
    anew: int = 0
    played: int = 0
    not_played: int = 0

    def __str__(self) -> str:
        rest = {"gave up": self.gave_up, "failed": self.failed, "left out": self.left_out}
        rest |= {"robots woken": self.woken, "robots begun anew": self.anew, "scenes left out": self.not_played}
        said = "".join(f", {count} {what}" for what, count in rest.items() if count)
        return f"{self.calls} calls placed, {self.live} go on, {self.answered} answered by robots{said}"
