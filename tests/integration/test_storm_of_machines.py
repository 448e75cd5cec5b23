"""A short storm over three machines; and that a storm finds machines that offer without the lead."""

from lab.chaos.several import storm
from lab.chaos.several.blows import EVERY, QUICK, each


async def test_no_two_machines_offer_at_once_and_no_caller_is_lost_whatever_breaks() -> None:
    """For a few faults; the long one: `./wutong chaos --machines 3 --minutes 10`."""
    report = await storm.run(3, each(QUICK), EVERY * len(QUICK), 1, print)
    assert report.losses == []
    assert sum(report.faults.values()) == len(QUICK)
    assert report.counts["offers"] > 10
    assert report.counts["epochs"] > 1


async def test_machines_that_offer_without_the_lead_are_found() -> None:
    report = await storm.run(2, [], 1.0, 1, print, planted=True)
    assert [loss for loss in report.losses if loss.startswith("double grant")]
