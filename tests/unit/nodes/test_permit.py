"""When a machine may offer: two machines never at the same time, whatever is lost, late, frozen or restarted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.others import Other, Others
from nodes.permit import SETTLE_S, VALID_S, OutOfOrder, Permit, Stage

ALONE = Others()
SOUTH = Others({"south": Other("south", "south", "192.0.2.12:5070", counts=True)})


def leading(at: float, others: Others = ALONE) -> Permit:
    """A leader that got the lock `SETTLE_S` before `at`, and whose last answered heartbeat was sent then."""
    return Permit().granted(at - SETTLE_S).heard(at).begins(at).took_over(others)


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
    with pytest.raises(OutOfOrder):
        permit.begins(10.0 + SETTLE_S - 0.001)
    begun = permit.heard(10.0 + SETTLE_S).begins(10.0 + SETTLE_S)
    assert not begun.took_over(ALONE).may_offer(10.0 + SETTLE_S - 0.001)
    assert begun.took_over(ALONE).may_offer(10.0 + SETTLE_S)
    assert not begun.may_offer(10.5), "it has the lock only"


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
    for told in (over.lost, lambda: over.took_over(ALONE)):
        with pytest.raises(OutOfOrder):
            told()


def test_a_leader_that_all_others_back_offers_without_postgresql() -> None:
    lost = leading(10.0, SOUTH).lost()
    assert not lost.may_offer(10.5)
    backed = lost.knows(lost.others.backed("south", 10.4))
    assert backed.may_offer(10.5)
    assert backed.until(10.5) == 10.4 + VALID_S
    assert not backed.may_offer(10.4 + VALID_S), "from the sending on"
    again = backed.led_on(10.6, known=False)
    assert again.may_offer(10.6), "another server says nothing against it"
    assert not again.heard(10.9).may_offer(10.9), "its own heartbeats count later"
    assert backed.knows(backed.others.backed("north", 10.7)) == backed, "it is not one of them"


def test_one_that_does_not_back_is_enough() -> None:
    west = Other("west", "west", "", counts=False)
    both = Others({**SOUTH.machines, "west": west})
    lost = leading(10.0, both).lost()
    assert not lost.knows(lost.others.backed("south", 10.4)).may_offer(10.5)
    assert lost.knows(lost.others.backed("south", 10.4).backed("west", 10.4)).may_offer(10.5)


def test_a_leader_on_which_the_database_counts_for_nobody_needs_postgresql() -> None:
    uncounted = SOUTH.counting(["south"], counts=False)
    lost = leading(10.0, ALONE).lost()
    assert not lost.may_offer(10.5), "nobody is there to ask"
    lost = leading(10.0, uncounted).lost()
    backed = lost.others.backed("south", 10.4)
    assert not lost.knows(backed).may_offer(10.5)
    assert lost.knows(backed.counting(["south"], counts=True)).may_offer(10.5)


def test_what_the_table_has_is_needed_and_what_it_has_not_is_not() -> None:
    backed = SOUTH.backed("south", 10.4)
    with_west = backed.read([SOUTH.machines["south"], Other("west", "west", "")])
    assert (backed.backed_since, with_west.backed_since) == (10.4, -inf)
    assert with_west.read([SOUTH.machines["south"]]).backed_since == 10.4


def test_who_has_backed_a_leader_does_not_begin_before_that_has_run_out() -> None:
    permit = Permit().granted(10.0).backs(10.3)
    assert permit is not None
    assert not permit.may_begin(10.0 + SETTLE_S)
    assert permit.may_begin(10.3 + SETTLE_S)
    lost = permit.lost()
    assert lost.bound == permit.bound, "a lost session ends no promise"
    assert not lost.granted(10.31).may_begin(10.3 + SETTLE_S)
    began = permit.begins(10.3 + SETTLE_S)
    for stage in (began, began.took_over(ALONE), began.took_over(ALONE).lost(), began.lost().ended()):
        assert stage.backs(11.0) is None, stage.stage


@dataclass
class Machine:
    """A machine in a model of the world. `start`: which start of its service. `session`: the number of its session in
    PostgreSQL, None: it knows of none. `sent`: a heartbeat that is under way, and when it was sent. `told`: what the
    database has answered, and the machine has not got yet. `begun`: the epoch in its file. Frozen machines do nothing.
    """

    number: int
    start: int
    permit: Permit = field(default_factory=Permit)
    session: int | None = None
    sent: float | None = None
    answered: bool = False
    told: list[Callable[[], None]] = field(default_factory=list)
    frozen: bool = False
    epoch: int = 0
    begun: int = 0


@dataclass
class Row:
    """A machine in the table: which start of it, and of which leader's start it is known."""

    start: int
    known_to: int = 0


class Model:
    """PostgreSQL with one lock and its tables, and machines that do what `nodes.leadership` does, in any order. What
    is under way between machines comes late, twice, or never.
    """

    def __init__(self, machines: int) -> None:
        self.now = 0.0
        self.starts = machines
        self.machines = [Machine(n, n + 1) for n in range(machines)]
        self.sessions = 0
        self.holder: int | None = None  # the session that has the lock
        self.leader = 0  # its start, as the table says
        self.epoch = 0
        self.rows: dict[int, Row] = {}
        self.under_way: list[Callable[[], None]] = []

    def offering(self) -> list[int]:
        return [n for n, machine in enumerate(self.machines) if machine.permit.may_offer(self.now)]

    def follows(self, machine: Machine) -> bool:
        """Whether it may take over from the leader of the table, as `nodes.session` asks."""
        others = {number: row for number, row in self.rows.items() if number != machine.number}
        own = self.rows.get(machine.number)
        return (
            self.leader == 0
            or all(row.known_to != self.leader for row in self.rows.values())
            or (own is not None and own.known_to == self.leader)
            or all(row.start != self.leader for row in others.values())
        )

    def act(self, machine: Machine, what: str) -> None:
        if what == "session ends":  # PostgreSQL ends it: idle, killed, restarted; the machine need not notice
            if machine.session is not None and machine.session == self.holder:
                self.holder = None
            machine.answered = False if machine.sent is None else machine.answered
            return
        if what in ("freeze", "thaw"):
            machine.frozen = what == "freeze"
            return
        if what == "restart":
            self.act(machine, "session ends")
            self.starts += 1
            self.machines[machine.number] = Machine(machine.number, self.starts, begun=machine.begun)
            return
        if machine.frozen:
            return
        has_it = machine.session is not None and machine.session == self.holder
        stage = machine.permit.stage
        leads = stage in (Stage.LEADS, Stage.UNSURE)
        match what:
            case "present" if machine.session is not None and (has_it or stage is Stage.STANDS_BY):
                known = self.rows.get(machine.number)
                self.rows[machine.number] = Row(machine.start, 0 if known is None else known.known_to)
            case "connect" if stage is Stage.STANDS_BY and machine.session is None:
                self.sessions += 1
                machine.session = self.sessions
            case "ask" if stage in (Stage.STANDS_BY, Stage.UNSURE) and self.holder is None:
                self.sessions += 1
                machine.session = self.holder = self.sessions
                if stage is Stage.STANDS_BY and not self.follows(machine):
                    self.holder = None
                elif stage is Stage.STANDS_BY:
                    machine.permit = machine.permit.granted(self.now)
                elif self.leader == machine.start:
                    machine.permit = machine.permit.led_on(self.now, known=True)
                else:
                    machine.permit, self.holder = machine.permit.ended(), None
                machine.sent, machine.told = None, []
            case "begin" if has_it and machine.permit.may_begin(self.now):
                machine.permit = machine.permit.begins(self.now)
                machine.epoch = machine.begun = self.epoch + 1
            case "take" if has_it and stage is Stage.TAKES_OVER and not machine.told:
                if not self.follows(machine):
                    machine.permit, self.holder = machine.permit.lost(), None
                    return
                self.leader, self.epoch = machine.start, machine.epoch
                known = self.rows.get(machine.number)
                self.rows[machine.number] = Row(machine.start, 0 if known is None else known.known_to)
                for number, row in self.rows.items():
                    row.known_to = 0 if number == machine.number else machine.start
                found = [_other(number, row, machine) for number, row in self.rows.items() if number != machine.number]
                machine.told.append(partial(self._took, machine, found))
            case "hear the database" if machine.told and has_it:
                machine.told.pop(0)()
            case "look" if has_it and stage is Stage.LEADS:
                found = [_other(number, row, machine) for number, row in self.rows.items() if number != machine.number]
                machine.permit = machine.permit.knows(machine.permit.others.read(found))
                if self.leader == machine.start:
                    new = [other.id for other in found if not other.counts]
                    for other_id in new:
                        self.rows[int(other_id)].known_to = machine.start
                    machine.told.append(partial(self._counts, machine, new))
            case "remove" if has_it and stage is Stage.LEADS and self.leader == machine.start:
                gone = [number for number in self.rows if number != machine.number][:1]
                ids = [str(number) for number in gone]
                machine.permit = machine.permit.knows(machine.permit.others.counting(ids, counts=False))
                for number in gone:
                    del self.rows[number]
            case "send" if stage in (Stage.SETTLES, Stage.LEADS):
                machine.sent, machine.answered = self.now, False
            case "reach" if machine.sent is not None and has_it:
                machine.answered = True  # PostgreSQL has answered; the answer may be late
            case "hear" if machine.sent is not None and machine.answered and stage in (Stage.SETTLES, Stage.LEADS):
                machine.permit = machine.permit.heard(machine.sent)
                machine.sent = None
            case "notice" if stage in (Stage.SETTLES, Stage.TAKES_OVER, Stage.LEADS) and not has_it:
                machine.permit = machine.permit.lost()
                machine.sent, machine.session, machine.told = None, None, []
            case "begin anew" if stage is Stage.OVER:
                self.act(machine, "restart")
            case "want backing" if leads:
                for other in machine.permit.others.machines:
                    asked = partial(self._asked, int(other), machine, self.now, machine.epoch)
                    self.under_way.append(asked)
            case "deliver" if self.under_way:
                self.under_way.pop(0)()
            case "deliver the newest" if self.under_way:
                self.under_way.pop()()
            case "deliver twice" if self.under_way:
                self.under_way[0]()
            case "be backed" if leads:
                self.act(machine, "want backing")
                while self.under_way:
                    self.under_way.pop(0)()

    def _took(self, machine: Machine, found: Sequence[Other]) -> None:
        machine.permit = machine.permit.took_over(Others().read(found))

    def _counts(self, machine: Machine, ids: Sequence[str]) -> None:
        machine.permit = machine.permit.knows(machine.permit.others.counting(ids, counts=True))

    def _asked(self, number: int, by: Machine, sent: float, epoch: int) -> None:
        machine = self.machines[number]
        backed = None if machine.frozen or epoch <= machine.begun else machine.permit.backs(self.now)
        if backed is not None:
            machine.permit = backed
            self.under_way.append(partial(self._backed, by, str(number), sent))

    def _backed(self, by: Machine, other: str, sent: float) -> None:
        if by.permit.stage in (Stage.LEADS, Stage.UNSURE) and not by.frozen:
            by.permit = by.permit.knows(by.permit.others.backed(other, sent))


def _other(number: int, row: Row, leader: Machine) -> Other:
    return Other(str(number), str(number), "there", counts=row.known_to == leader.start)


OWN = ("session ends", "freeze", "thaw", "ask", "begin", "take", "hear the database", "send", "reach", "hear", "notice")
TABLE = ("connect", "present", "look", "remove", "begin anew", "restart")
BACKING = ("want backing", "deliver", "deliver the newest", "deliver twice", "be backed")
ACTS = (*OWN, *TABLE, *BACKING)
Acts = Sequence[tuple[int, str, float]]
steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS), st.sampled_from((0.0, 0.05, 0.2, 0.45))))


def run(model: Model, acts: Acts) -> int:
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


def at_once(number: int, *acts: str) -> Acts:
    return [(number, what, 0.0) for what in acts]


LEAD = ("ask", "send", "reach", "hear")
TAKE = ("begin", "take", "hear the database", "send", "reach", "hear")


def led_by(number: int) -> Acts:
    """It gets the lock, settles, and takes over."""
    return [*at_once(number, *LEAD), (number, "send", SETTLE_S), *at_once(number, "send", "reach", "hear", *TAKE)]


def registered(*numbers: int) -> Acts:
    return [act for number in numbers for act in at_once(number, "connect", "present")]


KNOWN = at_once(0, "present", "look", "hear the database", "be backed")
"""The leader counts on all who are registered, and they back it."""


@given(steps, steps)
def test_two_machines_never_offer_at_the_same_time(before: list[tuple[int, str, float]], after: list[Any]) -> None:
    assert run(Model(3), [*led_by(0), *before, (0, "session ends", 0.0), *led_by(1), *after]) >= 1


def settling(number: int, other: int, meanwhile: Sequence[str]) -> Acts:
    """It gets the lock and takes over; while it settles, the other does this."""
    first, *rest = meanwhile
    return [
        *at_once(number, *LEAD),
        (other, first, 0.2),
        *at_once(number, "send", "reach", "hear"),
        *[(other, what, 0.23 / len(rest)) for what in rest],
        *at_once(number, "send", "reach", "hear", *TAKE),
    ]


ANY = st.integers(0, 2)
MEANWHILE = st.lists(st.one_of(st.just("be backed"), st.sampled_from(ACTS)), min_size=2, max_size=4)
some = st.one_of(
    st.tuples(ANY, st.sampled_from(ACTS), st.sampled_from((0.0, 0.05, 0.2, 0.45))).map(lambda act: [act]),
    ANY.map(led_by),
    ANY.map(registered),
    ANY.map(lambda number: at_once(number, "present", "look", "hear the database", "be backed")),
    ANY.map(lambda number: at_once(number, "session ends", "restart", "connect", "present")),
    st.tuples(ANY, ANY, MEANWHILE).map(lambda given: settling(*given)),
)


@given(st.lists(some, max_size=40))
@settings(max_examples=500)
def test_nor_do_they_by_backing(parts: list[Acts]) -> None:
    """Machines lead, are backed, lose PostgreSQL and each other, restart and take over, in any order."""
    begin = [*registered(0, 1), *led_by(0), *KNOWN]
    assert run(Model(3), [*begin, *[act for part in parts for act in part]]) >= 1


def test_a_leader_that_is_backed_goes_on_without_postgresql_and_nobody_takes_over() -> None:
    model = Model(2)
    run(model, [*registered(0, 1), *led_by(0), *KNOWN, (0, "session ends", 0.0), *at_once(0, "notice")])
    run(model, at_once(1, *LEAD))
    for _ in range(20):
        run(model, [(0, "be backed", 0.1), *at_once(1, *TAKE)])
        assert model.offering() == [0]
    run(model, [(0, "freeze", SETTLE_S + 0.01), *at_once(1, "send", "reach", "hear", *TAKE)])
    assert model.offering() == [1]
    run(model, at_once(0, "thaw", "be backed"))
    assert model.offering() == [1]


def test_a_machine_that_the_leader_does_not_know_never_takes_over_from_it() -> None:
    model = Model(3)
    run(model, [*registered(0, 1), *led_by(0), *KNOWN, (0, "session ends", 0.0), *at_once(0, "notice", "be backed")])
    run(model, [*registered(2), *led_by(2), *at_once(0, "be backed")])
    assert model.offering() == [0]
    run(model, [(0, "restart", 0.0), *at_once(0, "connect", "present"), *led_by(2)])
    assert model.offering() == [2], "that start of the leader is over"


def test_a_leader_alone_with_its_address_is_followed_by_a_machine_that_it_never_saw() -> None:
    model = Model(2)
    run(model, [*registered(0), *led_by(0), *at_once(0, "present", "look", "hear the database")])
    run(model, [(0, "session ends", 0.45), *registered(1), *led_by(1)])
    assert model.offering() == [1]


def test_the_model_finds_a_rule_that_is_too_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodes.permit.SETTLE_S", 0.0)
    acts = [*led_by(0), (0, "session ends", 0.0), *at_once(1, *LEAD, *TAKE)]
    with pytest.raises(AssertionError, match="0, 1"):
        run(Model(2), acts)


def test_the_model_finds_machines_that_are_not_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Permit, "may_begin", lambda self, now: self.stage is Stage.SETTLES and now >= self.settled)
    acts = [*registered(0, 1), *led_by(0), *KNOWN, (0, "session ends", 0.0), *at_once(1, *LEAD)]
    acts += [(1, "send", 0.3), (0, "be backed", 0.2), *at_once(1, "send", "reach", "hear", *TAKE)]
    assert run(Model(2), acts[:-6]) >= 1
    with pytest.raises(AssertionError, match="0, 1"):
        run(Model(2), acts)


def test_the_model_finds_machines_that_follow_a_leader_that_does_not_know_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "follows", lambda self, machine: True)
    acts = [*registered(0, 1), *led_by(0), *KNOWN, (0, "session ends", 0.0), *registered(2), *at_once(2, *LEAD)]
    acts += [(2, "send", SETTLE_S), (0, "be backed", 0.0), *at_once(2, "send", "reach", "hear", *TAKE)]
    with pytest.raises(AssertionError, match="0, 2"):
        run(Model(3), acts)


def test_the_model_finds_machines_that_forget_what_they_have_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """North is frozen, south leads and restarts, west leads, north wakes up: south has to remember."""

    def acts(model: Model) -> None:
        run(model, [*registered(0, 1), *led_by(0), *KNOWN, (0, "session ends", 0.45), *led_by(1)])
        run(model, [*registered(2), *at_once(1, "look", "hear the database"), (1, "restart", 0.45), *led_by(2)])
        run(model, at_once(0, "be backed"))
        assert model.offering() == [2]

    acts(Model(3))
    restart = Model.act

    def forgetful(self: Model, machine: Machine, what: str) -> None:
        restart(self, machine, what)
        if what == "restart":
            self.machines[machine.number].begun = 0

    monkeypatch.setattr(Model, "act", forgetful)
    with pytest.raises(AssertionError, match="0, 2"):
        acts(Model(3))
