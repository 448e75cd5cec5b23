"""The reports, and of which figures each is made. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from reports.figures import agents, callbacks, calls, entries, menus, sound, surveys, talks, transfers
from reports.figures.model import DIMENSIONS, Family, Figure
from reports.sums import Dimension

FIGURES: Mapping[str, Figure] = {
    each.id: each
    for module in (entries, talks, agents, transfers, calls, menus, callbacks, surveys, sound)
    for each in vars(module).values()
    if isinstance(each, Figure)
}
"""All of them by id, in the order in which they are shown."""


class ReportKind(StrEnum):
    """The reports."""

    QUEUES = "queues"
    AGENTS = "agents"
    BREAKS = "breaks"
    TRANSFERS = "transfers"
    CALLS = "calls"
    SUB_HOTLINES = "sub-hotlines"
    MENUS = "menus"
    SCOPES = "scopes"
    CALLBACKS = "callbacks"
    SURVEYS = "surveys"
    SOUND = "sound"


FAMILIES: Mapping[ReportKind, tuple[Family, ...]] = {
    ReportKind.QUEUES: (Family.ENTRIES, Family.TALKS, Family.CONTACTS),
    ReportKind.AGENTS: (Family.TALKS, Family.STATES, Family.LIMITED_BREAKS),
    ReportKind.BREAKS: (Family.BREAKS, Family.LIMITED_BREAKS),
    ReportKind.TRANSFERS: (Family.TRANSFERS,),
    ReportKind.CALLS: (Family.CALLS,),
    ReportKind.SUB_HOTLINES: (Family.LINES,),
    ReportKind.MENUS: (Family.MENUS,),
    ReportKind.SCOPES: (Family.SCOPES,),
    ReportKind.CALLBACKS: (Family.CALLBACKS,),
    ReportKind.SURVEYS: (Family.SURVEYS,),
    ReportKind.SOUND: (Family.SOUND,),
}

NAMES: Mapping[ReportKind, tuple[str, str]] = {
    ReportKind.QUEUES: ("队列", "Queues"),
    ReportKind.AGENTS: ("坐席", "Agents"),
    ReportKind.BREAKS: ("小休", "Breaks"),
    ReportKind.TRANSFERS: ("转接", "Transfers"),
    ReportKind.CALLS: ("来电", "Calls"),
    ReportKind.SUB_HOTLINES: ("分热线", "Sub-hotlines"),
    ReportKind.MENUS: ("菜单", "Menus"),
    ReportKind.SCOPES: ("非本热线业务", "Others' business"),
    ReportKind.CALLBACKS: ("回拨与留言", "Callbacks and messages"),
    ReportKind.SURVEYS: ("满意度评价", "Surveys"),
    ReportKind.SOUND: ("音质", "Sound"),
}
"""What each report is called (zh, en)."""


def of_report(kind: ReportKind, dimension: Dimension) -> tuple[Figure, ...]:
    """The figures of a report that are known of the dimension."""
    return tuple(
        each for each in FIGURES.values() if each.family in FAMILIES[kind] and dimension in DIMENSIONS[each.family]
    )


def dimensions_of(kind: ReportKind) -> tuple[Dimension, ...]:
    """By what a report can be split, the usual one first."""
    known = (each for family in FAMILIES[kind] for each in DIMENSIONS[family] if each is not Dimension.HOTLINE)
    return tuple(sorted(dict.fromkeys(known), key=lambda each: each.value not in (kind.value, kind.value[:-1])))


SERVICE_LEVELS = tuple(name for name in FIGURES if name.startswith("service_level_"))
"""All ways to reckon a service level. One is the setting `reports.service_level`."""

USUAL: Mapping[ReportKind, tuple[str, ...]] = {
    ReportKind.QUEUES: ("offered", "answered", "abandoned", *SERVICE_LEVELS, "asa", "longest_wait", "aht"),
    ReportKind.AGENTS: ("interactions", "aht", "talk", "wrap_up", "missed_no_answer", "signed_in", "occupancy"),
}
"""The figures that are shown first; of other reports all."""


class Made(NamedTuple):
    """A report, as JSON values. `head`: all that HTTP has but the rows."""

    head: Mapping[str, Any]
    rows: list[dict[str, Any]]
