"""Figures of menus."""

from reports.figures.model import Family, Unit, figure
from reports.sums import Sums


@figure(Family.MENUS, Unit.COUNT, "进入", "Entered")
def menu_entries(s: Sums) -> float | None:
    """How often callers came to the menu.
    Source: menu-entered
    中文：来电人进入菜单的次数。
    """
    return s.menu_entries


@figure(Family.MENUS, Unit.COUNT, "按键", "Keys")
def keys(s: Sums) -> float | None:
    """How often callers pressed a key there that the menu has.
    Source: key-pressed
    中文：来电人按下菜单中按键的次数。
    """
    return s.keys


@figure(Family.MENUS, Unit.COUNT, "未按键", "No key")
def no_input(s: Sums) -> float | None:
    """How often callers pressed no key in time.
    Source: no-input
    中文：来电人未及时按键的次数。
    """
    return s.no_input


@figure(Family.MENUS, Unit.COUNT, "无效按键", "Wrong key")
def invalid_keys(s: Sums) -> float | None:
    """How often callers pressed a key that the menu does not have.
    Source: invalid-key
    中文：来电人按了菜单中没有的键的次数。
    """
    return s.invalid_keys


@figure(Family.MENUS, Unit.COUNT, "未按键挂机", "Left")
def menu_left(s: Sums) -> float | None:
    """Callers who hung up after they had come to the menu: without a key, and before a queue, a department, a message
    or another menu. They count in the quarter hour in which they came.
    Source: menu-entered, call-finished (caller)
    中文：来到菜单后挂机的来电人：没有按键，也没有到队列、承办单位、留言或别的菜单。计入进入菜单的那一刻钟。
    """
    return s.calls
