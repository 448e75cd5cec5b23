"""Scenarios: what people do with the hotline, each described once, and played twice.

`description`  what a scenario is made of
`menus`, `queues`, `talks`, `transfers`, `faults`  the scenarios
`hotline`      the hotline in which they are played: each scenario has a place of its own
`story`        a call's Records without times and ids
`fake`         the fake Asterisk, on a fake clock (tests/unit/test_scenarios.py)
`real`         the real one, with SIP phones (tests/integration/test_scenarios.py)

On both, the story must be the one that the scenario expects. So both Asterisks do the same, and unit tests may lean on
the fake one.
"""

from tests.scenarios import description, faults, menus, queues, talks, transfers

SCENARIOS = tuple(description.SCENARIOS)

__all__ = ["SCENARIOS", "faults", "menus", "queues", "talks", "transfers"]
