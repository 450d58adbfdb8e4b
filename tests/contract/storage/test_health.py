"""How far insights came, what ails the loop, what is stuck, and who keeps it going, on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from adapters.storage.database import Database
from dialogue.actions import OutboxId, Outgoing, Post, Said
from dialogue.closing.storing import Telling
from dialogue.ports import UnitOfWork
from dialogue.posts import plain
from dialogue.rows import PostedCard, Sent, SentRef
from knowledge_base.announcements import Announcement, AnnouncementState
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of
from knowledge_base.escalations import HealthSettings, Nudge, Stuck, Weekly
from knowledge_base.funnels import Stage, Step
from knowledge_base.health import Declined, Deeds, SilentTeam
from knowledge_base.ids import (
    AccountId,
    AnnouncementId,
    ChannelId,
    InsightId,
    MemberId,
    PlatformMessageId,
    SpaceId,
    TeamId,
)
from knowledge_base.insights import Status, StatusChange
from knowledge_base.members import Role
from knowledge_base.taggings import Given, Tagging
from knowledge_base.teams import Team
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    found,
    insight,
    meaning,
    message,
    vector,
)

EDITORS, WRITERS = TeamId("editors"), TeamId("writers")
SAM, ANNA, BEN = MemberId("m-sam"), MemberId("m-anna"), MemberId("m-ben")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 30 * DAY


class People:
    """Say things, get cards, decide."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.count = 0

    async def say(self, key: str | None, role: Role = Role.CUSTOMER, **more: object) -> None:
        """A message, which voices the insight of that name if there is one."""
        self.count += 1
        said = message(f"{self.count}", role=role, **more)
        await self.uow.messages.add([said])
        if key is None:
            return
        if await self.uow.insights.get(ACME, InsightId(key)) is None:
            await self.uow.insights.add(insight(key, titled_by=said.id))
        circle = circle_of(GUILD, HELP, Audience.PUBLIC, Shared.NO)
        await self.uow.insights.add_voice(ACME, InsightId(key), said.id, meaning(vector(1)), circle)

    async def card(self, key: str, at: datetime, team: TeamId = EDITORS) -> None:
        """The insight's card stands in the team's channel since then."""
        post = await self.posted(f"p-{key}-{team}", at)
        await self.uow.cards.add(ACME, PostedCard(InsightId(key), team, post, GUILD, ChannelId(team)))

    async def posted(self, post: str, at: datetime) -> OutboxId:
        name = OutboxId(post)
        outgoing = Outgoing(Post(GUILD, ChannelId(post), Said(plain("a post"))), id=name)
        await self.uow.outbox.add(ACME, outgoing, "test", name, at)
        claimed = await self.uow.outbox.claim(at, HOUR, 10)
        (token,) = [row.token for row in claimed if row.id == name]
        await self.uow.outbox.sent([Sent(token, SentRef(HELP, PlatformMessageId(post)), "a post")], at)
        return name

    async def decides(
        self, key: str, status: Status, at: datetime, by: MemberId = SAM, reason: str = "", due: date | None = None
    ) -> None:
        known = await self.uow.insights.get(ACME, InsightId(key))
        await self.uow.insights.replace(replace(known, status=status, owner=by, reason=reason, due_on=due))
        await self.uow.insights.record(StatusChange(InsightId(key), status, by, at, reason), ACME)

    async def tells(self, key: str, *moments: datetime | None, status: Status = Status.SHIPPED) -> None:
        """Tell one voice at each of these moments; None for one that is still to be told."""
        announcement = Announcement(
            AnnouncementId(f"a-{key}"), ACME, InsightId(key), 1, status, "done", SAM, NOW, AnnouncementState.SENT
        )
        await self.uow.announcements.add(announcement)
        for number, (member, at) in enumerate(zip((ANNA, BEN), moments, strict=False)):
            post = OutboxId(f"t-{key}-{number}")
            if at is None:
                waiting = Outgoing(Post(GUILD, ChannelId(post), Said(plain("a post"))), id=post)
                await self.uow.outbox.add(ACME, waiting, "test", post, NOW)
            else:
                await self.posted(post, at)
            said = message("1").id
            await self.uow.tellings.add(ACME, [Telling(announcement.id, member, said, post, GUILD, HELP)])

    async def stuck(self, now: datetime, limit: int = 10) -> list[Stuck]:
        """What has been stuck for two weeks."""
        week = 7 * DAY
        return list(await self.uow.health.stuck(ACME, now - 2 * week, now - week, now.date(), limit))


class HealthContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            await uow.members.see(ACME, GUILD, AccountId("sam"), "Sam", Role.STAFF, SAM)
            for community, team in ((ACME, EDITORS), (ACME, WRITERS), (OTHER, EDITORS)):
                await uow.teams.put_team(Team(team, community, team, GUILD, ChannelId(team)))
            yield uow
            await uow.commit()

    @pytest.fixture
    def people(self, uow: UnitOfWork) -> People:
        return People(uow)

    async def test_the_funnel_tells_how_far_each_insight_came_and_how_long_half_of_them_took(
        self, uow: UnitOfWork, people: People
    ) -> None:
        for key in ("a", "b", "c", "d", "e", None):
            await people.say(key)
        await people.say(None, Role.STAFF)
        for key, hours in (("a", 1), ("b", 2), ("c", 5), ("d", 9)):
            await people.card(key, NOW + hours * HOUR)
        await people.decides("a", Status.ACKNOWLEDGED, NOW + 2 * HOUR)
        await people.decides("a", Status.SHIPPED, NOW + 5 * HOUR)
        await people.decides("b", Status.DECLINED, NOW + 4 * HOUR)
        await people.decides("c", Status.SHIPPED, NOW + 6 * HOUR)
        await people.tells("a", NOW + 6 * HOUR, NOW + 8 * HOUR)
        await people.tells("c", NOW + 7 * HOUR, None)
        funnel = await uow.health.funnel(ACME, NOW)
        assert funnel.voices == 5
        assert funnel.steps == (
            Step(Stage.HEARD, 6, 6),
            Step(Stage.CAPTURED, 5, 5),
            Step(Stage.ROUTED, 4, 5, 2 * HOUR),
            Step(Stage.SEEN, 3, 4, 1 * HOUR),
            Step(Stage.DECIDED, 3, 3, 0 * HOUR),
            Step(Stage.SHIPPED, 2, 2, 0 * HOUR),
            Step(Stage.TOLD, 2, 2, 1 * HOUR),
            Step(Stage.THANKED, 1, 2, 2 * HOUR),
        )

    async def test_what_was_first_said_before_and_what_is_merged_or_no_insight_is_not_in_the_funnel(
        self, uow: UnitOfWork, people: People
    ) -> None:
        await people.say("old", at=NOW - DAY)
        for key, status in (("m", Status.MERGED), ("n", Status.DISMISSED)):
            await people.say(key)
            await people.decides(key, status, NOW)
        await uow.insights.add(insight("said by nobody"))
        funnel = await uow.health.funnel(ACME, NOW)
        assert funnel.at(Stage.CAPTURED) == Step(Stage.CAPTURED, 0, 0)
        assert funnel.at(Stage.SEEN) == Step(Stage.SEEN, 0, 0)
        assert (await uow.health.funnel(OTHER, NOW)).at(Stage.HEARD).count == 0

    async def test_what_a_digest_told_of_is_routed_too(self, uow: UnitOfWork, people: People) -> None:
        await people.say("a")
        await uow.cards.add(ACME, PostedCard(InsightId("a"), EDITORS, OutboxId("unsent"), GUILD, HELP))
        assert (await uow.health.funnel(ACME, NOW)).at(Stage.ROUTED).count == 0
        await uow.digests.tell(ACME, EDITORS, NOW + 3 * HOUR)
        assert (await uow.health.funnel(ACME, NOW)).at(Stage.ROUTED) == Step(Stage.ROUTED, 1, 1, 3 * HOUR)

    async def test_a_decision_that_was_taken_back_counts_as_seen_and_no_more(
        self, uow: UnitOfWork, people: People
    ) -> None:
        await people.say("a")
        await people.card("a", NOW)
        await people.decides("a", Status.SHIPPED, NOW + HOUR)
        await people.decides("a", Status.ACKNOWLEDGED, NOW + 2 * HOUR)
        funnel = await uow.health.funnel(ACME, NOW)
        assert [funnel.at(stage).count for stage in (Stage.SEEN, Stage.DECIDED, Stage.SHIPPED)] == [1, 0, 0]

    async def test_declines_are_counted_for_each_team_and_reason_beside_all_that_was_decided(
        self, uow: UnitOfWork, people: People
    ) -> None:
        for key, status, reason in (
            ("a", Status.DECLINED, "too dear"),
            ("b", Status.DECLINED, "too dear"),
            ("c", Status.DECLINED, ""),
            ("d", Status.PLANNED, ""),
            ("e", Status.ACKNOWLEDGED, ""),
        ):
            await people.say(key)
            await people.card(key, NOW)
            await people.decides(key, status, NOW, reason=reason)
        await people.card("c", NOW, WRITERS)
        assert list(await uow.health.declined(ACME, NOW)) == [
            Declined(EDITORS, "too dear", 2),
            Declined(EDITORS, "", 1),
            Declined(WRITERS, "", 1),
        ]
        assert await uow.health.decided(ACME, NOW) == {EDITORS: 4, WRITERS: 1}
        assert await uow.health.declined(ACME, LATER) == []

    async def test_open_insights_without_an_owner_are_those_of_nobody(self, uow: UnitOfWork, people: People) -> None:
        for key in ("a", "b", "c"):
            await people.say(key)
        await people.say("b", author="m-ben")
        await people.decides("c", Status.ACKNOWLEDGED, NOW)
        assert await uow.health.unowned(ACME) == 2
        assert [one.id for one in await uow.health.most_unowned(ACME, 5)] == ["b", "a"]
        assert [one.id for one in await uow.health.most_unowned(ACME, 1)] == ["b"]
        assert await uow.health.unowned(OTHER) == 0

    async def test_a_team_is_silent_that_has_touched_nothing_of_what_it_got_long_ago(
        self, uow: UnitOfWork, people: People
    ) -> None:
        for key in ("a", "b", "c"):
            await people.say(key)
        await people.card("a", NOW)
        await people.card("b", NOW + DAY)
        await people.card("c", NOW + DAY, WRITERS)
        assert await uow.health.silent(ACME, NOW - DAY) == []
        assert list(await uow.health.silent(ACME, LATER)) == [
            SilentTeam(EDITORS, 2, NOW),
            SilentTeam(WRITERS, 1, NOW + DAY),
        ]
        await people.decides("a", Status.PLANNED, LATER + DAY)
        assert list(await uow.health.silent(ACME, LATER)) == [SilentTeam(WRITERS, 1, NOW + DAY)]

    async def test_stuck_is_what_nothing_happened_with_since_its_card_or_its_last_change(
        self, uow: UnitOfWork, people: People
    ) -> None:
        for key in ("a", "b", "no card", "done"):
            await people.say(key)
        await people.card("b", NOW - DAY)
        await people.card("a", NOW)
        await people.card("done", NOW)
        await people.decides("done", Status.SHIPPED, NOW)
        await people.decides("b", Status.ACKNOWLEDGED, NOW + DAY)
        assert await people.stuck(NOW + 13 * DAY) == []
        assert await people.stuck(NOW + 15 * DAY) == [
            Stuck(InsightId("a"), NOW),
            Stuck(InsightId("b"), NOW + DAY, SAM),
        ]
        assert await people.stuck(NOW + 15 * DAY, limit=1) == [Stuck(InsightId("a"), NOW)]

    async def test_an_insight_with_many_cards_is_stuck_once_since_the_first_of_them(self, people: People) -> None:
        for n, key in enumerate(("a", "b")):
            await people.say(key)
            for team in (WRITERS, EDITORS):
                await people.card(key, NOW + n * HOUR, team)
        await people.card("a", NOW - HOUR, TeamId("others"))
        await people.decides("b", Status.ACKNOWLEDGED, NOW + 2 * HOUR)
        stuck = [Stuck(InsightId("a"), NOW - HOUR), Stuck(InsightId("b"), NOW + 2 * HOUR, SAM)]
        assert await people.stuck(NOW + 15 * DAY) == stuck
        assert await people.stuck(NOW + 15 * DAY, limit=1) == stuck[:1]

    async def test_what_is_planned_is_stuck_only_once_its_day_has_passed(self, people: People) -> None:
        for key, status, due in (
            ("a", Status.PLANNED, None),
            ("b", Status.IN_PROGRESS, (NOW + 20 * DAY).date()),
            ("c", Status.ACKNOWLEDGED, (NOW + 20 * DAY).date()),
        ):
            await people.say(key)
            await people.card(key, NOW)
            await people.decides(key, status, NOW, due=due)
        assert await people.stuck(NOW + 20 * DAY) == []
        assert [one.insight for one in await people.stuck(NOW + 21 * DAY)] == ["b", "c"]

    async def test_somebody_who_was_reminded_is_left_in_peace_for_a_while_and_after_the_last_step_for_good(
        self, uow: UnitOfWork, people: People
    ) -> None:
        await people.say("a")
        await people.card("a", NOW)
        for step, at in zip(Nudge, (LATER, LATER + 7 * DAY, LATER + 14 * DAY), strict=True):
            assert [one.insight for one in await people.stuck(at)] == ["a"]
            await uow.health.nudged(ACME, InsightId("a"), step, at)
            assert await people.stuck(at + 6 * DAY) == []
            if step is not Nudge.ADMIN:
                assert await people.stuck(at + 7 * DAY) == [Stuck(InsightId("a"), NOW, None, step)]
        assert await people.stuck(LATER + 1000 * DAY) == []

    async def test_what_admins_choose_holds_for_their_community_alone(self, uow: UnitOfWork) -> None:
        assert await uow.health.settings(ACME) == HealthSettings(ACME)
        chosen = HealthSettings(ACME, 3, 1, Weekly.OFF)
        await uow.health.put_settings(chosen)
        assert await uow.health.settings(ACME) == chosen
        assert await uow.health.settings(OTHER) == HealthSettings(OTHER)

    async def test_deeds_are_counted_of_the_firms_own_people_since_that_moment(
        self, uow: UnitOfWork, people: People
    ) -> None:
        tagged = Tagging("bug", Given.COMMAND, SAM).as_reason()
        await people.say("a", reasons=(tagged, "something else"))
        await people.say("b", at=NOW - DAY, reasons=(tagged,))
        await people.say("c", reasons=(Tagging("bug", Given.COMMAND, ANNA).as_reason(),))
        await people.decides("a", Status.PLANNED, NOW)
        await people.decides("a", Status.SHIPPED, NOW)
        await people.decides("b", Status.PLANNED, NOW - DAY)
        await people.decides("c", Status.PLANNED, NOW, by=ANNA)
        await people.tells("a", NOW)
        assert list(await uow.health.deeds(ACME, NOW)) == [Deeds(SAM, tagged=1, answered=0, decided=2, closed=1)]
        assert await uow.health.deeds(ACME, LATER) == []
        assert await uow.health.deeds(OTHER, NOW) == []


class TestHealthOnSqlite(OnSqlite, HealthContract):
    pass


class TestHealthOnPostgresql(OnPostgresql, HealthContract):
    pass
