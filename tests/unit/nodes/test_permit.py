"""When a machine may offer: two machines never at the same time, whatever is lost, late, frozen or restarted."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.permit import SETTLE_S, VALID_S, OutOfOrder, Permit, Stage


def leading(at: float) -> Permit:
    """A leader that got the lock `SETTLE_S` before `at`, and whose last answered heartbeat was sent then."""
    return Permit().granted(at - SETTLE_S).heard(at).took_over()


def test_a_leader_offers_until_its_last_answered_heartbeat_is_too_old() -> None:
    permit = leading(10.0)
    assert permit.may_offer(10.0)
    assert permit.may_offer(10.0 + VALID_S - 0.001)
    assert not permit.may_offer(10.0 + VALID_S)
    assert permit.heard(10.2).may_offer(10.0 + VALID_S)


def test_a_late_answer_counts_from_its_sending() -> None:
    assert not leading(10.0).heard(10.1).may_offer(10.1 + VALID_S)
    assert leading(10.0).heard(9.0) == leading(10.0)


def test_a_new_leader_waits_until_the_former_one_may_offer_nothing() -> None:
    permit = Permit().granted(10.0).heard(10.0)
    assert not permit.took_over().may_offer(10.0 + SETTLE_S - 0.001)
    assert permit.heard(10.0 + SETTLE_S).took_over().may_offer(10.0 + SETTLE_S)
    assert not permit.heard(10.5).may_offer(10.5), "it has the lock only"


def test_a_lost_session_ends_nothing_before_its_time_and_a_new_one_settles() -> None:
    lost = leading(10.0).lost()
    assert lost.stage is Stage.UNSURE
    assert lost.may_offer(10.3)
    assert not lost.may_offer(10.4)
    again = lost.led_on(11.0, known=False).heard(11.4)
    assert not again.may_offer(11.4)
    assert again.heard(11.5).may_offer(11.5)


def test_a_new_session_with_the_same_server_needs_no_settling() -> None:
    again = leading(10.0).lost().led_on(10.2, known=True)
    assert again.may_offer(10.3)
    assert not again.may_offer(10.4), "only a heartbeat says more"
    assert again.heard(10.5).may_offer(10.5)


def test_who_loses_the_session_while_settling_begins_anew() -> None:
    assert Permit().granted(1.0).lost() == Permit()


def test_there_is_no_way_back_from_the_end() -> None:
    over = leading(10.0).ended()
    assert not over.may_offer(10.0)
    for told in (over.lost, over.took_over):
        with pytest.raises(OutOfOrder):
            told()


@dataclass
class Machine:
    """A machine in a model of the world: `session` is the number of its session in PostgreSQL, None: it knows of none.
    `sent`: a heartbeat that is under way, and when it was sent. Frozen machines do nothing.
    """

    permit: Permit = field(default_factory=Permit)
    session: int | None = None
    sent: float | None = None
    answered: bool = False
    frozen: bool = False


class Model:
    """PostgreSQL with one lock, and machines that do what `nodes.leadership` does, in any order."""

    def __init__(self, machines: int) -> None:
        self.now = 0.0
        self.machines = [Machine() for _ in range(machines)]
        self.sessions = 0
        self.holder: int | None = None  # the session that has the lock
        self.leader: Machine | None = None  # as the table says

    def offering(self) -> list[int]:
        return [n for n, machine in enumerate(self.machines) if machine.permit.may_offer(self.now)]

    def act(self, machine: Machine, what: str) -> None:
        if what == "session ends":  # PostgreSQL ends it: idle, killed, restarted; the machine need not notice
            if machine.session is not None and machine.session == self.holder:
                self.holder = None
            machine.answered = False if machine.sent is None else machine.answered
            return
        if what in ("freeze", "thaw"):
            machine.frozen = what == "freeze"
            return
        if machine.frozen:
            return
        has_it = machine.session is not None and machine.session == self.holder
        stage = machine.permit.stage
        match what:
            case "ask" if stage in (Stage.STANDS_BY, Stage.UNSURE) and self.holder is None:
                self.sessions += 1
                machine.session = self.holder = self.sessions
                if stage is Stage.STANDS_BY:
                    machine.permit = machine.permit.granted(self.now)
                elif self.leader is machine:
                    machine.permit = machine.permit.led_on(self.now, known=True)
                else:
                    machine.permit, self.holder = machine.permit.ended(), None
                machine.sent = None
            case "take" if stage is Stage.SETTLES and has_it and self.now >= machine.permit.settled:
                self.leader = machine
                machine.permit = machine.permit.took_over()
            case "send" if stage in (Stage.SETTLES, Stage.LEADS):
                machine.sent, machine.answered = self.now, False
            case "reach" if machine.sent is not None and has_it:
                machine.answered = True  # PostgreSQL has answered; the answer may be late
            case "hear" if machine.sent is not None and machine.answered and stage in (Stage.SETTLES, Stage.LEADS):
                machine.permit = machine.permit.heard(machine.sent)
                machine.sent = None
            case "notice" if stage in (Stage.SETTLES, Stage.LEADS) and not has_it:
                machine.permit = machine.permit.lost()
                machine.sent = None
            case "begin anew" if stage is Stage.OVER:
                machine.permit, machine.session = Permit(), None


ACTS = ("session ends", "freeze", "thaw", "ask", "take", "send", "reach", "hear", "notice", "begin anew")
steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS), st.sampled_from((0.0, 0.05, 0.2, 0.45))))


def run(model: Model, acts: list[tuple[int, str, float]]) -> int:
    """Do these; how often somebody was seen to offer. Fails when two do."""
    offers = 0
    for number, what, seconds in acts:
        model.act(model.machines[number], what)
        for _ in range(2):
            found = model.offering()
            assert len(found) <= 1, found
            offers += len(found)
            model.now += seconds / 2
    return offers


LEAD = ("ask", "send", "reach", "hear")


def led_by(number: int) -> list[tuple[int, str, float]]:
    """It gets the lock, settles, and takes over."""
    return [
        *((number, what, 0.0) for what in LEAD),
        (number, "send", SETTLE_S),
        *((number, what, 0.0) for what in ("send", "reach", "hear", "take", "send", "reach", "hear")),
    ]


@given(steps, steps)
def test_two_machines_never_offer_at_the_same_time(before: list[tuple[int, str, float]], after: list[Any]) -> None:
    assert run(Model(3), [*led_by(0), *before, (0, "session ends", 0.0), *led_by(1), *after]) >= 1


def test_the_model_finds_a_rule_that_is_too_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodes.permit.SETTLE_S", 0.0)
    acts = [*led_by(0), (0, "session ends", 0.0), *((1, what, 0.0) for what in (*LEAD, "take"))]
    with pytest.raises(AssertionError, match="0, 1"):
        run(Model(2), acts)
