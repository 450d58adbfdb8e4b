"""Nobody is reminded too often, at night, after a complaint or while they talk, whatever the rules."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from knowledge_base.ids import CommunityId, MemberId, MessageId, SpaceId
from knowledge_base.members import Role
from knowledge_base.reminders import (
    APART,
    COMPLAINED,
    MONTH,
    Obstacle,
    Occasion,
    Person,
    Planned,
    Reminder,
    ReminderSettings,
    ReminderState,
    When,
    Whom,
    concerns,
    filled,
    is_held_back,
    misplaced,
    month_before,
    obstacle,
    planned,
    usual,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNA = MemberId("anna")
BERLIN = usual("Europe/Berlin")


def rule(number: int = 1, **rest: object) -> Reminder:
    fields = {"when": When.FIRST, "text": "{others}", "seed": "seed", "since": NOW}
    return Reminder(CommunityId("acme"), number, **(fields | rest))


def occasion(number: int = 1, member: MemberId = ANNA, key: str = "a", at: datetime = NOW) -> Occasion:
    return Occasion(number, member, key, at, SpaceId("s"), MessageId("m"))


# ---- what is in the way


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({}, None),
        ({"willing": False, "talking": True}, Obstacle.UNWILLING),
        ({"complained_at": NOW - COMPLAINED + HOUR}, Obstacle.COMPLAINED),
        ({"complained_at": NOW - COMPLAINED}, None),
        ({"talking": True}, Obstacle.TALKING),
        ({"told_at": (NOW - APART + HOUR,)}, Obstacle.CAP),
        ({"told_at": (NOW - APART,)}, None),
        ({"told_at": (NOW - 20 * APART, NOW - 2 * APART)}, Obstacle.CAP),
        ({"told_at": (NOW - MONTH, NOW - 2 * APART)}, None),
        ({"zone": "America/Los_Angeles"}, Obstacle.QUIET_HOURS),
        ({"zone": "Asia/Tokyo"}, Obstacle.QUIET_HOURS),
        ({"zone": "Europe/London"}, None),
    ],
)
def test_what_is_in_the_way_of_reminding_somebody(known: dict[str, object], why: Obstacle | None) -> None:
    assert obstacle(Person(ANNA, **known), BERLIN, NOW) is why


def test_quiet_hours_follow_the_clock_also_when_it_is_changed() -> None:
    """In Berlin clocks are set forward on 29 March 2026: nine o'clock is an hour earlier by UTC."""
    before, after = datetime(2026, 3, 28, 7, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 30, tzinfo=UTC)
    assert obstacle(Person(ANNA), BERLIN, before) is Obstacle.QUIET_HOURS
    assert obstacle(Person(ANNA), BERLIN, after) is None
    assert obstacle(Person(ANNA, zone="Asia/Tokyo"), ReminderSettings(2, None), before) is None


# ---- whom a rule is for


@pytest.mark.parametrize(
    ("wants", "known", "fits"),
    [
        ({}, {}, True),
        ({}, {"role": Role.TRUSTED}, True),
        ({}, {"role": Role.STAFF}, False),
        ({}, {"role": Role.ADMIN}, False),
        ({"tier": "gold"}, {"tier": "gold"}, True),
        ({"tier": "gold"}, {}, False),
        ({"to": Whom.CONTRIBUTORS}, {}, False),
        ({"to": Whom.CONTRIBUTORS}, {"contributed": True}, True),
        ({"to": Whom.NEWCOMERS}, {"first_at": NOW - 29 * APART}, True),
        ({"to": Whom.NEWCOMERS}, {"first_at": NOW - 30 * APART}, False),
        ({"to": Whom.NEWCOMERS}, {}, False),
    ],
)
def test_whom_a_rule_is_for(wants: dict[str, object], known: dict[str, object], fits: bool) -> None:
    assert concerns(rule(**wants), Person(ANNA, **known), NOW) is fits


def test_of_several_things_the_oldest_goes_first_and_the_others_wait() -> None:
    both = [occasion(key="b"), occasion(2, at=NOW - HOUR)]
    assert planned([rule(), rule(2)], both, {ANNA: Person(ANNA)}, BERLIN, NOW) == [Planned(both[1], held=False)]
    assert planned([rule()], [occasion(2)], {ANNA: Person(ANNA)}, BERLIN, NOW) == []
    paused = rule(state=ReminderState.PAUSED)
    assert planned([paused], [occasion()], {ANNA: Person(ANNA)}, BERLIN, NOW) == []
    assert planned([rule()], [occasion()], {}, BERLIN, NOW) == []


# ---- who is held back


def test_the_share_that_is_held_back_is_chance_and_always_the_same() -> None:
    members = [MemberId(f"m{n}") for n in range(10_000)]
    held = {member for member in members if is_held_back(rule(share=20), member)}
    assert 1_880 <= len(held) <= 2_120  # three standard deviations
    assert held == {member for member in members if is_held_back(rule(share=20, text="{people}"), member)}
    both = {member for member in members if is_held_back(rule(2, share=20), member)} & held
    assert 300 <= len(both) <= 500, "whom one rule holds back has nothing to do with another"
    assert not any(is_held_back(rule(share=0), member) for member in members)


# ---- what a text can say


def test_a_text_names_facts_of_its_occasion_alone() -> None:
    assert misplaced("{others} say so, it is {status}", When.FIRST) == []
    assert misplaced("{shipped} of {name}", When.FIRST) == ["shipped", "name"]
    assert misplaced("{ others }", When.FIRST) == [" others "]
    assert misplaced("{others!r} and {others:>9}", When.FIRST) == ["others!r", "others:>9"]
    assert misplaced("so {others", When.FIRST) == ["{"]
    assert misplaced("so others}", When.FIRST) == ["}"]
    assert filled("{others}, {others} and {status}", {"others": "3 people", "status": "{people}"}) == (
        "3 people, 3 people and {people}"
    )


def test_the_month_before_is_that_of_the_calendar() -> None:
    march, january = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert month_before(NOW) == (datetime(2026, 2, 1, tzinfo=UTC), march)
    assert month_before(march) == (datetime(2026, 2, 1, tzinfo=UTC), march)
    assert month_before(january) == (datetime(2025, 12, 1, tzinfo=UTC), january)


# ---- a year of ten thousand members

PEOPLE = 10_000
ZONES = ("", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland")
YEAR = datetime(2026, 1, 1, tzinfo=UTC)


class Year:
    """Every seven hours of it chance gives members occasions, complaints, talks and a press of the button.

    Half of all comes to the two hundred busiest.
    """

    def __init__(self, seed: int, settings: ReminderSettings) -> None:
        self.random, self.settings = Random(seed), settings
        self.rules = [rule(number, share=20, since=YEAR) for number in range(1, 7)]
        names = [MemberId(f"m{n}") for n in range(PEOPLE)]
        self.people = {name: Person(name, zone=self.random.choice(ZONES)) for name in names}
        self.names, self.waiting = names, dict[tuple[int, MemberId], Occasion]()
        self.told = defaultdict[MemberId, list[datetime]](list)
        self.held, self.obstacles = 0, set[Obstacle | None]()

    def run(self) -> None:
        now = YEAR
        while now < YEAR + timedelta(days=365):
            self.chance(now)
            self.look(now)
            now += 7 * HOUR

    def chance(self, now: datetime) -> None:
        for member in [*self.random.sample(self.names, 15), *self.random.sample(self.names[:200], 15)]:
            one = occasion(self.random.randint(1, 6), member, now.isoformat(), now)
            self.waiting[one.rule, member] = one
        for member in [*self.random.sample(self.names, 15), *self.random.sample(self.names[:200], 3)]:
            person, talks = self.people[member], self.random.random() < 0.7
            complained = now if self.random.random() < 0.1 else person.complained_at
            willing = person.willing and self.random.random() > 0.01
            self.people[member] = replace(person, talking=talks, complained_at=complained, willing=willing)

    def look(self, now: datetime) -> None:
        self.waiting = {key: one for key, one in self.waiting.items() if now - one.at < timedelta(days=5)}
        for one in planned(self.rules, self.waiting.values(), self.people, self.settings, now):
            member = one.occasion.member
            person = self.people[member]
            self.obstacles.add(obstacle(person, self.settings, now))
            assert not person.talking
            assert person.willing
            assert person.complained_at is None or now - person.complained_at >= COMPLAINED
            hour = now.astimezone(ZoneInfo(person.zone or "Europe/Berlin")).hour
            assert 9 <= hour < 20
            self.told[member].append(now)
            self.held += one.held
            self.people[member] = replace(person, told_at=tuple(self.told[member][-9:]))
            del self.waiting[one.occasion.rule, member]


def test_the_cap_holds_over_a_year_of_ten_thousand_members() -> None:
    cap, year = 2, Year(1, BERLIN)
    year.run()
    reminded = sum(map(len, year.told.values()))
    assert reminded > 10_000
    assert 0.15 * reminded < year.held < 0.25 * reminded
    assert year.obstacles == {None}
    for told in year.told.values():
        for place, first in enumerate(told):
            assert sum(first <= at < first + MONTH for at in told[place:]) <= cap
            assert all(at - first >= APART for at in told[place + 1 : place + 2])
        assert max(_by_month(told).values()) <= cap
    full = sum(max(by_month.values()) == cap for by_month in map(_by_month, year.told.values()))
    assert full > 100, "many got as many as they may"


def _by_month(told: list[datetime]) -> Counter[tuple[int, int]]:
    return Counter((at.year, at.month) for at in told)
