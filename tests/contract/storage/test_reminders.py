"""Rules for reminders, who was reminded of what, and what there is to remind of, on both databases."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.answers import Answer, AnswerState, Part
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import Circle
from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution
from knowledge_base.effects import Outcome as Did
from knowledge_base.ids import (
    AccountId,
    AnswerId,
    ChannelId,
    ContributionId,
    ConversationId,
    InsightId,
    MemberId,
    MessageId,
    PlatformMessageId,
    SpaceId,
    message_id,
)
from knowledge_base.insights import Status, StatusChange
from knowledge_base.kinds import Kind
from knowledge_base.limits import Quiet
from knowledge_base.members import Consent, Policy, Recording, Role
from knowledge_base.outcomes import Outcome
from knowledge_base.reminders import Occasion, Person, Planned, Reminder, ReminderSettings, ReminderState, When, Whom
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    found,
    insight,
    meaning,
    message,
    vector,
)

ELSEWHERE = SpaceId("elsewhere")
ANNA, BEN, CARA = MemberId("m-anna"), MemberId("m-ben"), MemberId("m-cara")
DAY = timedelta(days=1)
RULE = Reminder(ACME, 1, When.FIRST, "{others}", "seed", NOW)
WHOLE = Reminder(ACME, 2, When.MONTH, "{said}", "other", NOW, Whom.NEWCOMERS, "gold", 20, 3, ReminderState.PAUSED)


def occasion(member: MemberId = ANNA, key: str = "i:planned", rule: int = 1) -> Occasion:
    return Occasion(rule, member, key, NOW - DAY, GUILD, MessageId("m"))


class RemindersContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, ELSEWHERE, "Other", NOW)
            await uow.members.see(ACME, GUILD, AccountId("cara"), "Cara", Role.CUSTOMER, CARA)
            yield uow
            await uow.commit()

    # ---- rules and what members want

    async def test_rules_come_back_as_they_were_by_number(self, uow: UnitOfWork) -> None:
        for rule in (WHOLE, RULE, replace(RULE, community=OTHER)):
            await uow.reminders.put(rule)
        assert await uow.reminders.rules(ACME) == [RULE, WHOLE]
        changed = replace(RULE, state=ReminderState.REMOVED, text="{status}")
        await uow.reminders.put(changed)
        assert await uow.reminders.rules(ACME) == [changed, WHOLE]
        assert await uow.reminders.rules(OTHER) == [replace(RULE, community=OTHER)]

    async def test_settings_are_those_chosen_last(self, uow: UnitOfWork) -> None:
        assert await uow.reminders.settings(ACME) is None
        for settings in (ReminderSettings(3, Quiet(time(22), time(7, 30), "Europe/Berlin")), ReminderSettings(1, None)):
            await uow.reminders.put_settings(ACME, settings)
            assert await uow.reminders.settings(ACME) == settings
        assert await uow.reminders.settings(OTHER) is None

    async def test_who_was_reminded_is_known_by_rule_and_key(self, uow: UnitOfWork) -> None:
        await uow.reminders.put(RULE)
        await uow.reminders.put(WHOLE)
        held = Planned(occasion(BEN), held=True)
        await uow.reminders.add(ACME, [Planned(occasion(), held=False), held], NOW)
        await uow.reminders.add(ACME, [Planned(occasion(rule=2), held=False)], NOW + DAY)
        assert await uow.reminders.get(ACME, 1, BEN, "i:planned") == held
        assert await uow.reminders.get(ACME, 1, BEN, "i:shipped") is None
        assert await uow.reminders.get(OTHER, 1, BEN, "i:planned") is None
        assert await uow.reminders.added(ACME, 1, NOW) == {(ANNA, "i:planned"), (BEN, "i:planned")}
        assert await uow.reminders.added(ACME, 1, NOW + SECOND) == frozenset()
        assert await uow.reminders.added(OTHER, 1, NOW) == frozenset()
        assert await uow.reminders.lately(ACME, NOW - SECOND) == {ANNA: [NOW, NOW + DAY], BEN: [NOW]}
        assert await uow.reminders.lately(ACME, NOW) == {ANNA: [NOW + DAY]}
        assert await uow.reminders.lately(OTHER, NOW - SECOND) == {}
        await uow.reminders.forget(ACME, ANNA)
        assert await uow.reminders.added(ACME, 1, NOW) == {(BEN, "i:planned")}
        assert await uow.reminders.added(ACME, 2, NOW) == frozenset()

    async def test_what_is_to_be_known_of_somebody(self, uow: UnitOfWork) -> None:
        await uow.reminders.put(RULE)
        assert await self.person(uow) == Person(ANNA)
        assert await uow.occasions.people(OTHER, [ANNA], NOW) == {}
        await uow.reminders.add(ACME, [Planned(occasion(), held=True)], NOW)
        await uow.reminders.add(ACME, [Planned(occasion(key="b"), held=False)], NOW + DAY)
        await uow.reminders.choose_zone(ACME, ANNA, "Europe/Berlin")
        await uow.reminders.choose_zone(ACME, ANNA, "Asia/Tokyo")
        person = await self.person(uow, NOW + DAY)
        assert (person.zone, person.told_at) == ("Asia/Tokyo", (NOW, NOW + DAY))
        assert (await self.person(uow, NOW + 31 * DAY)).told_at == (NOW + DAY,)
        await uow.reminders.choose_zone(ACME, ANNA, "")
        assert (await self.person(uow)).zone == ""
        cause = Cause(CauseKind.INSIGHT, "i")
        line = Contribution(ContributionId("c"), ACME, ANNA, Contributed.REPORT, 2, cause, NOW)
        await uow.contributions.add([line])
        assert (await self.person(uow)).contributed
        await uow.contributions.reverse(ACME, [line.id], NOW)
        assert not (await self.person(uow)).contributed

    async def test_who_stopped_them_muted_all_or_lets_nothing_be_kept_is_unwilling(self, uow: UnitOfWork) -> None:
        for member in (ANNA, ANNA):
            await uow.reminders.stop(ACME, member, NOW)
        await uow.mutes.add(ACME, BEN, None, NOW)
        await uow.mutes.add(ACME, CARA, InsightId("i"), NOW)
        people = await uow.occasions.people(ACME, [ANNA, BEN, CARA], NOW)
        assert {member: one.willing for member, one in people.items()} == {ANNA: False, BEN: False, CARA: True}
        await uow.reminders.forget(ACME, ANNA)
        assert not (await self.person(uow)).willing, "whoever erases what is kept has stopped them still"
        assert await uow.reminders.resume(ACME, ANNA)
        assert not await uow.reminders.resume(ACME, ANNA)
        assert (await self.person(uow)).willing
        await uow.members.consent(ACME, ANNA, Consent(Recording.STOPPED, changed_at=NOW))
        assert not (await self.person(uow)).willing

    async def test_where_nothing_is_kept_before_a_yes_who_said_none_is_unwilling(self, uow: UnitOfWork) -> None:
        await uow.communities.choose_policy(ACME, Policy.OPT_IN)
        await uow.members.consent(ACME, BEN, Consent(Recording.ALLOWED, changed_at=NOW))
        people = await uow.occasions.people(ACME, [ANNA, BEN], NOW)
        assert {member: one.willing for member, one in people.items()} == {ANNA: False, BEN: True}

    @pytest.mark.parametrize(
        ("kind", "author", "at", "talking"),
        [
            (Kind.CHATTER, "m-ben", NOW - 2 * DAY + SECOND, True),
            (Kind.CHATTER, "m-ben", NOW - 2 * DAY, False),
            (Kind.QUESTION, "m-anna", NOW - 3 * DAY, True),
            (Kind.QUESTION, "m-ben", NOW - 3 * DAY, False),
            (Kind.REQUEST, "m-anna", NOW - 3 * DAY, False),
        ],
    )
    async def test_a_conversation_is_open_for_two_days_or_while_a_question_waits(
        self, uow: UnitOfWork, kind: Kind, author: str, at: datetime, talking: bool
    ) -> None:
        await uow.messages.add([message("1", at=NOW - 5 * DAY), message("2", author=author, at=at, kind=kind)])
        await uow.messages.add([message("3", author="m-ben", at=NOW, conversation=ConversationId("another"))])
        person = await self.person(uow)
        assert (person.talking, person.first_at) == (talking, NOW - 5 * DAY)

    async def test_the_last_complaint_counts(self, uow: UnitOfWork) -> None:
        for key, at in (("1", NOW - 9 * DAY), ("2", NOW - 5 * DAY)):
            await uow.messages.add([message(key, at=at, kind=Kind.COMPLAINT)])
        await uow.messages.add([message("3", at=NOW - 4 * DAY), message("4", author="m-ben", kind=Kind.COMPLAINT)])
        assert (await self.person(uow)).complained_at == NOW - 5 * DAY

    # ---- occasions

    async def test_a_first_insight_counts_once_others_say_it_too_or_staff_take_it_up(self, uow: UnitOfWork) -> None:
        await self.said(uow, "i", "1", "m-anna", NOW)
        await self.said(uow, "j", "2", "m-cara", NOW)
        assert await uow.occasions.first_insights(ACME, 7, NOW) == []
        await self.said(uow, "i", "3", "m-ben", NOW + DAY)
        await self.said(uow, "i", "4", "m-anna", NOW + 2 * DAY)
        anna, ben = self.about("1", ANNA, "first", NOW, 7), self.about("3", BEN, "first", NOW + DAY, 7)
        assert await uow.occasions.first_insights(ACME, 7, NOW) == [anna, ben]
        assert await uow.occasions.first_insights(ACME, 7, NOW + SECOND) == [ben], "it was her first before that"
        assert await uow.occasions.first_insights(OTHER, 7, NOW) == []
        await self.decide(uow, "j", 1, Status.PLANNED, NOW + DAY)
        cara = self.about("2", CARA, "first", NOW, 7)
        assert await uow.occasions.first_insights(ACME, 7, NOW) == [anna, ben, cara]
        await self.decide(uow, "i", 1, Status.DECLINED, NOW + DAY)
        assert await uow.occasions.first_insights(ACME, 7, NOW) == [cara]

    async def test_a_status_counts_for_who_spoke_before_it_as_long_as_it_holds(self, uow: UnitOfWork) -> None:
        await self.said(uow, "i", "1", "m-anna", NOW)
        await self.said(uow, "i", "2", "m-anna", NOW + SECOND)
        await self.decide(uow, "i", 1, Status.PLANNED, NOW + DAY)
        await self.decide(uow, "i", 2, Status.PLANNED, NOW + 2 * DAY)
        await self.said(uow, "i", "3", "m-ben", NOW + 2 * DAY)
        planned = self.about("2", ANNA, "i:planned", NOW + DAY)
        assert await uow.occasions.status_changes(ACME, 1, NOW) == [planned]
        assert await uow.occasions.status_changes(ACME, 1, NOW + DAY + SECOND) == [], "only its owner was changed then"
        assert await uow.occasions.status_changes(OTHER, 1, NOW) == []
        await self.decide(uow, "i", 3, Status.SHIPPED, NOW + 3 * DAY)
        shipped = [self.about(key, who, "i:shipped", NOW + 3 * DAY) for key, who in (("2", ANNA), ("3", BEN))]
        assert await uow.occasions.status_changes(ACME, 1, NOW) == shipped
        await self.decide(uow, "i", 4, Status.DECLINED, NOW + 4 * DAY)
        assert await uow.occasions.status_changes(ACME, 1, NOW) == []

    async def test_who_voiced_something_and_said_no_more_has_gone_quiet(self, uow: UnitOfWork) -> None:
        await self.said(uow, "i", "1", "m-anna", NOW)
        await self.said(uow, "i", "2", "m-ben", NOW)
        await uow.messages.add([message("3", at=NOW + DAY), message("4", author="m-cara", at=NOW + DAY)])
        gone = self.about("1", ANNA, "2026-01-06", NOW + DAY)
        assert await uow.occasions.gone_quiet(ACME, 1, NOW, NOW + DAY) == [gone]
        assert await uow.occasions.gone_quiet(ACME, 1, NOW, NOW + DAY - SECOND) == []
        assert await uow.occasions.gone_quiet(OTHER, 1, NOW, NOW + DAY) == []

    async def test_an_answer_counts_when_so_many_others_asked_the_same_after_it_was_found(
        self, uow: UnitOfWork
    ) -> None:
        for key, author, day in (("1", "m-ben", 0), ("3", "m-ben", 2), ("4", "m-cara", 3), ("5", "m-cara", 4)):
            await self.said(uow, "i", key, author, NOW + day * DAY)
        await uow.messages.add([message("2", at=NOW)])
        question, advice = (message_id(GUILD, HELP, PlatformMessageId(key)) for key in "12")
        answer = Answer(
            AnswerId("a"),
            ACME,
            0,
            AnswerState.CANDIDATE,
            Outcome.CONFIRMED,
            None,
            Audience.PUBLIC,
            "en",
            NOW,
            question,
            solver=ANNA,
        )
        answer = await uow.answers.add(answer, [(Part.QUESTION, question), (Part.SOLUTION, advice)])
        assert await uow.occasions.asked_again(ACME, 1, 1, NOW) == []
        await uow.answers.replace(replace(answer, state=AnswerState.APPROVED))
        first = self.about("2", ANNA, "a", NOW + 3 * DAY)
        assert await uow.occasions.asked_again(ACME, 1, 1, NOW) == [first]
        assert await uow.occasions.asked_again(ACME, 1, 1, first.at + SECOND) == []
        assert await uow.occasions.asked_again(ACME, 1, 2, NOW) == [], "Ben asked it, and Cara twice"
        await uow.members.see(ACME, GUILD, AccountId("dora"), "Dora", Role.CUSTOMER, MemberId("m-dora"))
        await self.said(uow, "i", "6", "m-dora", NOW + 5 * DAY)
        assert await uow.occasions.asked_again(ACME, 1, 2, NOW) == [self.about("2", ANNA, "a", NOW + 5 * DAY)]
        assert await uow.occasions.asked_again(OTHER, 1, 1, NOW) == []

    async def test_of_a_month_are_those_whose_insights_were_heard_or_decided_in_it(self, uow: UnitOfWork) -> None:
        await self.said(uow, "i", "1", "m-anna", NOW - DAY)
        await self.said(uow, "i", "2", "m-ben", NOW)
        await self.said(uow, "j", "3", "m-cara", NOW - DAY)
        until = NOW + 9 * DAY
        both = [self.about(key, who, "2026-01", until) for key, who in (("1", ANNA), ("2", BEN))]
        assert await uow.occasions.of_month(ACME, 1, NOW, until) == both
        await self.decide(uow, "j", 1, Status.DECLINED, NOW + DAY)
        found = await uow.occasions.of_month(ACME, 1, NOW, until)
        assert sorted(found, key=lambda one: one.member) == [*both, self.about("3", CARA, "2026-01", until)]
        assert await uow.occasions.of_month(ACME, 1, NOW + 2 * DAY, until) == []
        assert await uow.occasions.of_month(OTHER, 1, NOW, until) == []

    # ---- what it brings

    async def test_what_people_said_within_the_time_after_is_counted_for_both_groups(self, uow: UnitOfWork) -> None:
        await uow.reminders.put(RULE)
        entered = [Planned(occasion(), held=False), Planned(occasion(BEN), held=True)]
        await uow.reminders.add(ACME, entered, NOW)
        await uow.reminders.add(ACME, [Planned(occasion(CARA), held=False)], NOW + DAY)
        for key, author, after in (("1", "m-anna", 0), ("2", "m-anna", 1), ("3", "m-anna", 5), ("4", "m-ben", 6)):
            await self.said(uow, "i", key, author, NOW + after * DAY)
        await uow.messages.add([message("5", at=NOW + DAY)])
        within = 5 * DAY
        assert await uow.reminders.outcomes(ACME, 1, NOW, within) == [Did(False, 2), Did(True, 0)]
        assert len(await uow.reminders.outcomes(ACME, 1, NOW + DAY, within)) == 3
        assert await uow.reminders.outcomes(ACME, 1, NOW - SECOND, within) == []
        assert await uow.reminders.outcomes(OTHER, 1, NOW, within) == []
        await uow.members.become_one(ACME, ANNA, BEN)
        assert await uow.reminders.outcomes(ACME, 1, NOW, within) == [Did(False, 2)], "what both have is the first's"

    async def test_who_was_reminded_and_held_back_is_in_neither_group(self, uow: UnitOfWork) -> None:
        await uow.reminders.put(RULE)
        both = [Planned(occasion(), held=False), Planned(occasion(BEN, "other"), held=True)]
        await uow.reminders.add(ACME, both, NOW)
        await uow.members.become_one(ACME, ANNA, BEN)
        assert await uow.reminders.outcomes(ACME, 1, NOW, DAY) == []

    @pytest.mark.parametrize("stopped", [(BEN,), (CARA,), (BEN, CARA)])
    async def test_two_accounts_of_one_person_have_stopped_them_if_either_has(self, uow: UnitOfWork, stopped) -> None:
        for member in stopped:
            await uow.reminders.stop(ACME, member, NOW)
            await uow.reminders.choose_zone(ACME, member, "Asia/Tokyo")
        await uow.members.become_one(ACME, CARA, BEN)
        person = (await uow.occasions.people(ACME, [CARA], NOW))[CARA]
        assert (person.willing, person.zone) == (False, "Asia/Tokyo")

    async def test_a_space_that_joins_brings_no_rules(self, uow: UnitOfWork) -> None:
        for community in (ACME, OTHER):
            await uow.reminders.put(replace(RULE, community=community))
            await uow.reminders.put_settings(community, ReminderSettings(len(community), None))
        await uow.communities.absorb(OTHER, ACME)
        assert await uow.reminders.rules(ACME) == [RULE]
        assert await uow.reminders.settings(ACME) == ReminderSettings(len(ACME), None)

    # ---- what happened

    async def person(self, uow: UnitOfWork, now: datetime = NOW) -> Person:
        return (await uow.occasions.people(ACME, [ANNA], now))[ANNA]

    def about(self, key: str, member: MemberId, name: str, at: datetime, rule: int = 1) -> Occasion:
        return Occasion(rule, member, name, at, GUILD, message_id(GUILD, HELP, PlatformMessageId(key)))

    async def said(self, uow: UnitOfWork, of: str, key: str, author: str, at: datetime) -> None:
        said = message(key, author=author, at=at)
        await uow.messages.add([said])
        if await uow.insights.get(ACME, InsightId(of)) is None:
            await uow.channels.see(ACME, GUILD, ChannelId("help"), "help", Audience.PUBLIC, Shared.NO)
            await uow.insights.add(insight(of))
        await uow.insights.add_voice(ACME, InsightId(of), said.id, meaning(vector(1)), Circle("public"))

    async def decide(self, uow: UnitOfWork, of: str, number: int, status: Status, at: datetime) -> None:
        stored = await uow.insights.get(ACME, InsightId(of))
        await uow.insights.replace(replace(stored, status=status))
        await uow.insights.record(StatusChange(InsightId(of), status, ANNA, at), ACME)
        assert len(await uow.insights.history(ACME, InsightId(of))) == number


class TestRemindersOnSqlite(OnSqlite, RemindersContract):
    """On SQLite."""


class TestRemindersOnPostgresql(OnPostgresql, RemindersContract):
    """On PostgreSQL."""
