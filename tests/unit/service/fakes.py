"""Fakes of what single routes stand on, that do what the real ones promise. `world` puts them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.model import Queue
from hotline.model import SubHotline
from ivr.model import Attempts, Menu, ToMenu, ToQueue

_OTHERWISE = Attempts(then=ToQueue(queue="general"))


def _menus() -> Mapping[str, Menu]:
    return {
        "main": Menu(
            name={"zh": "主菜单", "en": "Main menu"},
            say={
                "zh": "绿化请按1，供水、排水和燃气请按2，人工服务请按0。",
                "en": "For greening, press 1. For water, drainage and gas, press 2. To talk to a person, press 0.",
            },
            keys={"1": ToQueue(queue="greening"), "2": ToMenu(menu="utilities"), "0": ToQueue(queue="general")},
            no_input=_OTHERWISE,
            invalid=_OTHERWISE,
        ),
        "utilities": Menu(
            say={"zh": "供水请按1，燃气请按2。", "en": "For water supply, press 1. For gas, press 2."},
            keys={"1": ToQueue(queue="water"), "2": ToQueue(queue="gas")},
            no_input=_OTHERWISE,
            invalid=_OTHERWISE,
        ),
    }


@dataclass
class FakePlaces:
    """Menus, queues and sub-hotlines of a hotline."""

    menus: Mapping[str, Menu] = field(default_factory=_menus)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    sub_hotlines: Mapping[str, SubHotline] = field(default_factory=dict)
