"""What teams want of their digests, how far they were told, and what there is to tell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.storage import digests
from adapters.storage.database import Database
from dialogue.actions import OutboxId
from dialogue.ports import UnitOfWork
from dialogue.rows import OutboxState, PostedCard, PostedDigest
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of
from knowledge_base.digests import (
    AreaWeek,
    DigestInsight,
    DigestNews,
    DigestPart,
    DigestSettings,
    DigestSpan,
    DigestState,
)
from knowledge_base.facets import Facets, Urgency
from knowledge_base.holdings import Because, Holding
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    InsightId,
    MemberId,
    MessageId,
    SpaceId,
    TeamId,
)
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
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
    say,
    sent,
    vector,
)

EDITORS, WRITERS = TeamId("editors"), TeamId("writers")
WEEK = timedelta(days=7)
SETTINGS = DigestSettings(
    ACME,
    EDITORS,
    "0 9 * * fri",
    "Europe/Berlin",
    "de",
    3,
    (DigestPart.NEW,),
    DigestState.PAUSED,
    NOW,
    7,
    NOW - WEEK,
    ("Pro",),
)


class Speaker:
    """Says things, each a voice of an insight that is made where it is not there yet."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.count = 0

    async def say(self, key: str, author: str = "m-anna", kind: Kind = Kind.PROBLEM, **more: object) -> None:
        self.count += 1
        said = message(f"{self.count}", author=author, kind=kind, **more)
        await self.uow.messages.add([said])
        known = await self.uow.insights.get(ACME, InsightId(key))
        if known is None:
            await self.uow.insights.add(insight(key, kind, titled_by=said.id))
            await self.uow.cards.add(ACME, PostedCard(InsightId(key), EDITORS, OutboxId(f"p-{key}"), GUILD, HELP))
        circle = circle_of(GUILD, ChannelId(said.channel), Audience.PUBLIC, Shared.NO)
        await self.uow.insights.add_voice(ACME, InsightId(key), MessageId(said.id), meaning(vector(1)), circle)

    async def becomes(self, key: str, status: Status) -> None:
        known = await self.uow.insights.get(ACME, InsightId(key))
        await self.uow.insights.replace(replace(known, status=status))

    async def span(self, until: datetime, after: int = 0, team: TeamId = EDITORS) -> DigestSpan:
        return DigestSpan(team, until, after, await self.uow.digests.last_voice(ACME))

    async def heard(self, span: DigestSpan, tiers: Sequence[str] = ()) -> dict[str, DigestInsight]:
        """All that a digest weighs: what came up, and what waits."""
        came_up = await self.uow.digests.came_up(ACME, span, tiers)
        waiting = await self.uow.digests.longest_waiting(ACME, span, tuple(Kind), 100, tiers)
        wanted = await self.uow.digests.most_wanted(ACME, span, tuple(Kind), 100, tiers)
        assert len(waiting.rows) == waiting.many == wanted.many
        assert sorted(waiting.rows, key=repr) == sorted(wanted.rows, key=repr)
        found = {row.insight.id: row for row in (*came_up, *waiting.rows)}
        assert len(found) == len(came_up) + len(waiting.rows), "nothing is both"
        return found


class DigestsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            for community, team in ((ACME, EDITORS), (ACME, WRITERS), (OTHER, EDITORS)):
                await uow.teams.put_team(Team(team, community, team, GUILD, ChannelId(team)))
            yield uow
            await uow.commit()

    @pytest.fixture
    def people(self, uow: UnitOfWork) -> Speaker:
        return Speaker(uow)

    async def test_what_a_team_wants_comes_back_as_it_was_last_put(self, uow: UnitOfWork) -> None:
        assert await uow.digests.settings(ACME) == {}
        plain = DigestSettings(ACME, WRITERS, "0 9 * * mon", "UTC")
        for settings in (plain, replace(SETTINGS, length=9, tiers=()), SETTINGS):
            await uow.digests.put_settings(settings)
        assert await uow.digests.settings(ACME) == {EDITORS: SETTINGS, WRITERS: plain}
        assert await uow.digests.settings(OTHER) == {}

    async def test_a_team_that_is_removed_wants_nothing_and_was_told_nothing(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        await uow.digests.put_settings(SETTINGS)
        await people.say("i")
        await uow.digests.tell(ACME, EDITORS, NOW)
        await uow.teams.remove_team(ACME, EDITORS)
        assert await uow.digests.settings(ACME) == {}
        assert await uow.digests.news(ACME, await people.span(NOW)) == frozenset()

    async def test_the_last_voice_is_the_one_added_last(self, uow: UnitOfWork, people: Speaker) -> None:
        assert await uow.digests.last_voice(ACME) == 0
        await people.say("i")
        first = await uow.digests.last_voice(ACME)
        await people.say("i", "m-ben")
        assert await uow.digests.last_voice(ACME) > first > 0
        assert await uow.digests.last_voice(OTHER) == 0

    async def test_what_is_told_is_told_once_however_often_somebody_tells(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        await people.say("i")
        for moment in (NOW, NOW + WEEK):
            await uow.digests.tell(ACME, EDITORS, moment)
        await people.say("j")
        await uow.digests.tell(ACME, EDITORS, NOW + 2 * WEEK)
        told = {key: row.told_at for key, row in (await people.heard(await people.span(NOW))).items()}
        assert told == {"i": NOW, "j": NOW + 2 * WEEK}

    async def test_what_a_digest_leaves_is_new_in_the_next_one(self, uow: UnitOfWork, people: Speaker) -> None:
        for key in ("i", "j", "k"):
            await people.say(key)
        await people.becomes("k", Status.SHIPPED)
        await uow.digests.tell(ACME, EDITORS, NOW)
        await uow.holdings.add(Holding(ACME, InsightId("j"), WRITERS, Because.DIGEST, NOW))
        await uow.digests.tell(ACME, WRITERS, NOW)
        await uow.digests.leave(ACME, EDITORS, NOW, [])
        await uow.digests.leave(ACME, EDITORS, NOW + WEEK, [InsightId("i")])
        await uow.digests.leave(ACME, EDITORS, NOW, [InsightId("j"), InsightId("k")])
        await uow.digests.tell(ACME, EDITORS, NOW + WEEK)
        for team, told in ((EDITORS, {"i": NOW, "j": NOW + WEEK}), (WRITERS, {"j": NOW})):
            rows = await people.heard(await people.span(NOW, team=team))
            assert {key: row.told_at for key, row in rows.items() if row.told_at} == told
        assert (await people.heard(await people.span(NOW)))["k"].shipped_at == NOW

    async def test_a_team_is_told_of_what_has_a_card_or_is_held_back_for_it(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        for key in ("i", "j"):
            await people.say(key)
        await uow.holdings.add(Holding(ACME, InsightId("j"), WRITERS, Because.DIGEST, NOW))
        await uow.digests.tell(ACME, WRITERS, NOW)
        assert set(await people.heard(await people.span(NOW))) == {"i", "j"}
        (held,) = (await people.heard(await people.span(NOW, team=WRITERS))).values()
        assert (held.insight.id, held.told_at) == ("j", NOW)
        assert await uow.digests.came_up(OTHER, await people.span(NOW)) == []

    async def test_what_is_closed_is_not_new_and_what_is_shipped_is_told_as_that(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        for key, status in (("i", Status.SHIPPED), ("j", Status.DECLINED), ("k", Status.PLANNED), ("l", Status.MERGED)):
            await people.say(key)
            await people.becomes(key, status)
        before = await people.heard(await people.span(NOW))
        await uow.digests.tell(ACME, EDITORS, NOW)
        told = {key: (row.told_at, row.shipped_at) for key, row in (await people.heard(await people.span(NOW))).items()}
        assert set(before) == {"i", "k"}
        assert told == {"i": (None, NOW), "k": (NOW, None)}
        assert set(await people.heard(await people.span(NOW + WEEK))) == {"k"}

    async def test_voices_are_counted_in_the_span_and_only_people_who_had_not_spoken_are_more(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        await people.say("i", "m-anna")
        after = await uow.digests.last_voice(ACME)
        await people.say("i", "m-anna", facets=Facets(urgency=Urgency.NOW))
        await people.say("i", "m-ben", facets=Facets(urgency=Urgency.SOON))
        span = await people.span(NOW, after)
        await people.say("i", "m-ben")
        row = (await people.heard(span))["i"]
        assert (row.said, row.more, row.urgency, row.speaker, row.insight.demand) == (2, 1, Urgency.NOW, None, 2)
        alone = (await people.heard(replace(span, upto=after)))["i"]
        assert (alone.said, alone.more, alone.urgency, alone.speaker) == (0, 0, Urgency.NONE, "m-anna")

    async def test_customers_of_the_tiers_asked_for_are_counted_once_each_in_few_insights_and_in_many(
        self, uow: UnitOfWork, people: Speaker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, tier in (("anna", "Pro"), ("ben", "Enterprise"), ("cleo", "Pro"), ("dan", "Free"), ("eve", "")):
            await uow.members.see(ACME, GUILD, AccountId(name), name, Role.CUSTOMER, MemberId(f"m-{name}"), tier=tier)
            for _ in range(2):
                await people.say("i", f"m-{name}")
        span = await people.span(NOW)
        await people.say("j", "m-anna")
        for few in (digests._FEW, 0):
            monkeypatch.setattr(digests, "_FEW", few)
            counted = {key: row.tiers for key, row in (await people.heard(span, ("Enterprise", "Pro"))).items()}
            assert counted == {"i": (("Pro", 2), ("Enterprise", 1))}
        assert (await people.heard(span))["i"].tiers == ()

    async def test_what_only_waits_is_counted_and_its_first_ones_are_read(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        for n, (key, kind) in enumerate((("i", Kind.PROBLEM), ("j", Kind.QUESTION), ("k", Kind.QUESTION))):
            await people.say(key, kind=kind, at=NOW - n * WEEK)
        await people.say("k", "m-ben", Kind.QUESTION, at=NOW - WEEK)
        await people.say("l")
        await people.becomes("l", Status.ACKNOWLEDGED)
        await uow.digests.tell(ACME, EDITORS, NOW)
        after = await uow.digests.last_voice(ACME)
        span = await people.span(NOW + WEEK, after)

        async def first(most: int, *kinds: Kind) -> list[tuple[list[str], int]]:
            longest = await uow.digests.longest_waiting(ACME, span, kinds, most)
            wanted = await uow.digests.most_wanted(ACME, span, kinds, most)
            return [([row.insight.id for row in one.rows], one.many) for one in (longest, wanted)]

        assert await first(9, *Kind) == [(["k", "j", "i"], 3), (["k", "i", "j"], 3)], "l was taken up"
        assert await first(1, *Kind) == [(["k"], 3), (["k"], 3)]
        assert await first(9, Kind.PROBLEM) == [(["i"], 1), (["i"], 1)]
        assert await first(9, Kind.REQUEST) == [([], 0), ([], 0)]
        await people.becomes("j", Status.ACKNOWLEDGED)
        assert await first(9, *Kind) == [(["k", "j", "i"], 3), (["k", "i", "j"], 3)], "nobody settled the question"
        await people.becomes("j", Status.DECLINED)
        await uow.holdings.add(Holding(ACME, InsightId("i"), EDITORS, Because.DIGEST, NOW))
        assert await first(9, *Kind) == [(["k", "i"], 2), (["k", "i"], 2)]
        assert await uow.digests.came_up(ACME, span) == []
        await people.say("k", "m-anna", Kind.QUESTION)
        span = await people.span(NOW + WEEK, after)
        assert await first(9, *Kind) == [(["i"], 1), (["i"], 1)]
        assert {row.insight.id for row in await uow.digests.came_up(ACME, span)} == {"k"}
        await uow.digests.leave(ACME, EDITORS, NOW, [InsightId("i")])
        await uow.digests.tell(ACME, EDITORS, NOW + 2 * WEEK)
        assert {row.insight.id for row in await uow.digests.came_up(ACME, span)} == {"i", "k"}, "held back then"

    async def test_what_only_later_voices_say_stands_in_no_digest_made_before_them(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        await people.say("i")
        await people.say("j")
        await uow.digests.tell(ACME, EDITORS, NOW)
        told, later = await people.span(NOW), await people.span(NOW + WEEK, await uow.digests.last_voice(ACME))
        assert set(await people.heard(told)) == set(await people.heard(later)) == {"i", "j"}
        await people.say("i", "m-ben")
        await uow.insights.remove_voices(ACME, [MessageId(message("1").id)])
        assert set(await people.heard(told)) == set(await people.heard(later)) == {"j"}

    async def test_where_a_title_was_said_is_told(self, uow: UnitOfWork, people: Speaker) -> None:
        for channel, audience, shared in (
            ("secluded", Audience.PRIVATE, Shared.NO),
            ("shared", Audience.PUBLIC, Shared.YES),
        ):
            await uow.channels.see(ACME, GUILD, ChannelId(channel), channel, audience, shared)
        for key, channel in (("i", HELP), ("j", "secluded"), ("k", "shared"), ("l", "unheard of")):
            await people.say(key, kind=Kind.PRAISE, channel=channel)
        public = {key: row.public for key, row in (await people.heard(await people.span(NOW))).items()}
        assert public == {"i": True, "j": False, "k": False, "l": False}
        await uow.digests.tell(ACME, EDITORS, NOW)
        assert await uow.digests.news(ACME, await people.span(NOW)) == {
            DigestNews(DigestPart.NEW, Kind.PRAISE, public=public) for public in (True, False)
        }

    async def test_news_are_what_was_marked_then_and_what_was_told_before_and_is_said_again(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        for key, kind in (("i", Kind.PROBLEM), ("j", Kind.QUESTION), ("k", Kind.PROBLEM)):
            await people.say(key, kind=kind)
        await uow.digests.tell(ACME, EDITORS, NOW)
        after = await uow.digests.last_voice(ACME)
        assert {(one.base, one.kind) for one in await uow.digests.news(ACME, await people.span(NOW))} == {
            (DigestPart.NEW, Kind.PROBLEM),
            (DigestPart.NEW, Kind.QUESTION),
        }
        later = NOW + WEEK
        await uow.digests.tell(ACME, EDITORS, later)
        assert await uow.digests.news(ACME, await people.span(later, after)) == frozenset()
        await people.say("j", "m-ben", Kind.QUESTION)
        await people.say("k", "m-ben")
        await people.becomes("k", Status.DECLINED)
        await people.becomes("i", Status.SHIPPED)
        await uow.digests.tell(ACME, EDITORS, later)
        assert {(one.base, one.kind) for one in await uow.digests.news(ACME, await people.span(later, after))} == {
            (DigestPart.GROWN, Kind.QUESTION),
            (DigestPart.SHIPPED, Kind.PROBLEM),
        }

    async def test_people_are_counted_by_week_and_area(self, uow: UnitOfWork, people: Speaker) -> None:
        def at(weeks: float, area: str | None) -> dict[str, object]:
            return {"at": NOW - weeks * WEEK, "facets": Facets(area=area)}

        for author, more in (
            ("m-anna", at(0, "export")),
            ("m-anna", at(0.5, "export")),
            ("m-ben", at(0.99, "export")),
            ("m-ben", at(1, "export")),
            ("m-ben", at(1.5, None)),
            ("m-ben", at(2, "export")),
            ("m-ben", at(-0.1, "export")),
        ):
            await people.say("i", author, **more)
        counted = await uow.digests.by_area(ACME, await people.span(NOW), 2)
        assert set(counted) == {AreaWeek(0, "export", 2), AreaWeek(1, "export", 1), AreaWeek(1, None, 1)}
        assert len(counted) == 3
        assert await uow.digests.by_area(ACME, await people.span(NOW, team=WRITERS), 2) == []

    async def test_digests_are_found_by_the_insights_they_may_tell_of(self, uow: UnitOfWork, people: Speaker) -> None:
        def posted(post: str, week: int, team: TeamId = EDITORS) -> PostedDigest:
            until = NOW + week * WEEK
            return PostedDigest(team, until - WEEK, until, OutboxId(post), GUILD, HELP, week, week + 1, until, NOW)

        made = [posted("a", 1), posted("b", 2), posted("c", 2, WRITERS), posted("d", 3)]
        for digest in made:
            await uow.digests.add(ACME, digest)
        await people.say("i")
        assert await uow.digests.that_tell(ACME, [InsightId("i")], NOW) == []
        await uow.digests.tell(ACME, EDITORS, NOW + 2 * WEEK)
        assert await uow.digests.that_tell(ACME, [InsightId("i")], NOW) == [made[1], made[3]]
        assert await uow.digests.that_tell(ACME, [InsightId("i")], NOW + 3 * WEEK) == [made[3]]
        assert await uow.digests.that_tell(OTHER, [InsightId("i")], NOW) == []
        assert await uow.digests.that_tell(ACME, [], NOW) == []

    async def test_what_is_not_posted_yet_or_never_is_told_with_what_became_of_it_and_can_be_taken_back(
        self, uow: UnitOfWork, people: Speaker
    ) -> None:
        made = []
        for week, (post, state) in enumerate((("a", OutboxState.SENT), ("b", OutboxState.DEAD), ("c", None))):
            await people.say(f"i{week}")
            until = NOW + week * WEEK
            await uow.digests.tell(ACME, EDITORS, until)
            made.append(PostedDigest(EDITORS, until - WEEK, until, OutboxId(post), GUILD, HELP))
            await uow.digests.add(ACME, made[-1])
            await uow.outbox.add(ACME, replace(say("team"), id=OutboxId(post)), "c", OutboxId("x"), NOW)
            rows = await uow.outbox.claim(NOW, timedelta(minutes=1), 10) if state else ()
            for row in rows:
                if state is OutboxState.SENT:
                    await sent(uow, row.token, None, "", NOW)
                else:
                    await uow.outbox.end(row.token, state, "nobody may write there")
        _, lost, waiting = made
        assert await uow.digests.not_posted(ACME, EDITORS) == [(lost, OutboxState.DEAD), (waiting, OutboxState.OPEN)]
        assert await uow.digests.not_posted(ACME, WRITERS) == await uow.digests.not_posted(OTHER, EDITORS) == []
        assert await uow.digests.take_back(ACME, lost) == [waiting]
        assert await uow.digests.not_posted(ACME, EDITORS) == [(waiting, OutboxState.OPEN)]
        told = {key: row.told_at for key, row in (await people.heard(await people.span(NOW))).items()}
        assert told == {"i0": NOW, "i1": None, "i2": NOW + 2 * WEEK}


class TestDigestsOnSqlite(OnSqlite, DigestsContract):
    pass


class TestDigestsOnPostgresql(OnPostgresql, DigestsContract):
    pass
