"""How long it takes to route one new insight: ``python -m benchmarks.routing [--routes 200] [--insights 50000]``.

A SQLite file with that many open insights, each with a voice, and ten teams, two of which have limits. The routes ask
for kinds, tags, words, areas, tones, languages, channels, tiers, demand and likeness to an example, alone and together.
Each measured insight is new and routed in a transaction of its own, as when one message comes in; it was written by one
before, so that writing it is not measured. Measured are :func:`dialogue.routing.routes_that_hold` (which routes mean
it, once routes and its voice are read) and all that :func:`dialogue.routing.route` does, by the clock and by the
processor's time of the whole process.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

import numpy as np

from adapters.language.hashing import Hashing
from adapters.language.masking.masker import PatternMasker
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from benchmarks.storage import NoSealer
from dialogue.meanings import Embedders
from dialogue.ports import UnitOfWork
from dialogue.router import Context
from dialogue.routing import Routed, Shown, route, routes_that_hold
from dialogue.texts.catalogue import Texts
from dialogue.understanding.states import States
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import Circle
from knowledge_base.conditions import Conditions, Example, Joined, where
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    CommunityId,
    ConversationId,
    InsightId,
    MemberId,
    PlatformMessageId,
    RouteId,
    SpaceId,
    TeamId,
    message_id,
)
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.limits import Limits, Quiet
from knowledge_base.members import Role
from knowledge_base.messages import Message
from knowledge_base.teams import Route, Team

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACME, SPACE, HELP = CommunityId("acme"), SpaceId("space"), ChannelId("help")
ANNA = MemberId("anna")
TEAMS = 10
BATCH = 100
WORDS = tuple(f"{first}{second}" for first in ("ex", "im", "re", "de", "trans") for second in ("port", "fer", "late"))
KINDS = (Kind.PROBLEM, Kind.REQUEST, Kind.PRAISE, Kind.QUESTION)


IDS, TEXTS, EMBEDDERS, MASKER = CountingIds(), Texts.load(), Embedders(Hashing()), PatternMasker()


def main() -> None:
    """Fill, route, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--routes", type=int, default=200)
    arguments.add_argument("--insights", type=int, default=50_000)
    arguments.add_argument("--times", type=int, default=1_000)
    given = arguments.parse_args()
    asyncio.run(measure(given.routes, given.insights, given.times))


async def measure(routes: int, insights: int, times: int) -> None:
    """Everything, in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite:///{folder}/routing.db", NoSealer())
        try:
            await _fill(database, routes, insights)
            matched = [await _matched(database, insights + number) for number in range(times)]
            spent = [await _one(database, insights + times + number) for number in range(times)]
        finally:
            await database.close()
    for title, figures in (("which routes mean it", matched), ("all of routing it", spent)):
        reached = sum(came for _, _, came in figures) / times
        print(f"{routes} routes, {insights} open insights, {times} new ones, {title}, {reached:.1f} for each")
        for name, column in (("clock", 0), ("processor", 1)):
            milliseconds = np.array([one[column] for one in figures]) * 1_000
            p50, p99 = np.percentile(milliseconds, (50, 99))
            print(f"{name:>9}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {milliseconds.max():.2f} ms")


async def _fill(database: Database, routes: int, insights: int) -> None:
    async with database.begin() as uow:
        await uow.communities.found(ACME, SPACE, "Acme", NOW)
        await uow.channels.see(ACME, SPACE, HELP, "help", Audience.PUBLIC, Shared.NO)
        await uow.members.see(ACME, SPACE, AccountId("anna"), "Anna", Role.CUSTOMER, ANNA, "Enterprise")
        for number in range(TEAMS):
            channel = ChannelId(f"team{number}")
            await uow.channels.see(ACME, SPACE, channel, channel, Audience.INTERNAL, Shared.NO)
            limits = (
                Limits(Quiet(time_of_day(22), time_of_day(7), "Europe/Berlin"), 50, (10, 50))
                if number < 2
                else Limits()
            )
            await uow.teams.put_team(Team(TeamId(channel), ACME, channel, SPACE, channel, limits))
        for number in range(routes):
            await uow.teams.add_route(_route(number))
        await uow.commit()
    for first in range(0, insights, BATCH):
        async with database.begin() as uow:
            for number in range(first, min(first + BATCH, insights)):
                await _heard(uow, number)
            await uow.commit()


def _route(number: int) -> Route:
    """One in eleven of each sort; what it asks for is met by some insights."""
    word, kind = WORDS[number % len(WORDS)], KINDS[number % len(KINDS)]
    sorts: Sequence[Conditions] = (
        Conditions(kinds=frozenset({kind})),
        Conditions(tags=frozenset({f"tag{number}"})),
        Conditions(words=frozenset({word, f"{word} {number}", f"never {number}"})),
        Conditions(areas=frozenset({f"Area {number}"}), tones=frozenset({Tone.NEGATIVE})),
        Conditions(languages=frozenset({"de"}), kinds=frozenset({kind})),
        Conditions(channels=frozenset({where(SPACE, HELP)}), demand=10),
        Conditions(tiers=frozenset({"Enterprise"}), kinds=frozenset({kind}), words=frozenset({word})),
        Conditions(urgencies=frozenset({Urgency.NOW}), words=frozenset({word}), joined=Joined.ANY),
        Conditions(demand=5),
        Conditions(words=frozenset({f"several words {number}"}), tiers=frozenset({"Free"}), joined=Joined.ANY),
        Conditions(like=_example(number, word)),
    )
    team = TeamId(f"team{number % TEAMS}")
    other = TeamId(f"team{(number + 3) % TEAMS}")
    return Route(RouteId(f"r{number}"), ACME, 0, team, sorts[number // TEAMS % len(sorts)], (other,))


def _example(number: int, word: str) -> Example:
    """Every other one a sentence, the others insights."""
    if number % 2:
        return Example(f"The {word} of tags is broken", "en")
    return Example(insight=InsightId(f"i{number}"))


async def _heard(uow: UnitOfWork, number: int) -> Insight:
    """A new insight with its voice."""
    at, word = NOW + timedelta(seconds=number), WORDS[number % len(WORDS)]
    text = f"The {word} of my tags is broken since number {number}, and I have tried it again on two machines"
    said = Message(
        id=message_id(SPACE, HELP, PlatformMessageId(str(number))),
        community=ACME,
        space=SPACE,
        channel=HELP,
        thread=None,
        author=ANNA,
        author_name="Anna",
        role=Role.CUSTOMER,
        at=at,
        text=text,
        language="en",
        kind=KINDS[number % len(KINDS)],
        confidence=0.9,
        conversation=ConversationId(f"c{number}"),
        reply_to=None,
        facets=Facets(area=f"Area {number % 400}"),
    )
    begun = Insight(InsightId(f"i{number}"), ACME, 0, said.kind, text[:80], said.id, Status.NEW, 0, at, at)
    await uow.messages.add([said])
    await uow.insights.add(begun)
    return await uow.insights.add_voice(ACME, begun.id, said.id, EMBEDDERS.meaning(text, "en"), Circle("public"))


async def _matched(database: Database, number: int) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and how many routes hold."""
    insight = await _stored(database, number)
    async with database.begin() as uow:
        await uow.communities.lock(ACME)
        clock, processor = time.perf_counter(), time.process_time()
        rules = await routes_that_hold(uow, EMBEDDERS, insight)
        return time.perf_counter() - clock, time.process_time() - processor, len(rules)


async def _one(database: Database, number: int) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and how many teams were reached."""
    insight = await _stored(database, number)
    async with database.begin() as uow:
        await uow.communities.lock(ACME)
        clock, processor = time.perf_counter(), time.process_time()
        routed = await route(_context(uow, number), insight, Shown.OWN)
        spent = time.perf_counter() - clock, time.process_time() - processor
        await uow.commit()
    return *spent, _reached(routed)


async def _stored(database: Database, number: int) -> Insight:
    async with database.begin() as uow:
        insight = await _heard(uow, number)
        await uow.commit()
    return insight


def _reached(routed: Routed) -> int:
    return len(routed.reasons)


def _context(uow: UnitOfWork, number: int) -> Context:
    return Context(
        uow=uow,
        community=ACME,
        now=NOW + timedelta(seconds=number),
        ids=IDS,
        texts=TEXTS,
        embedders=EMBEDDERS,
        masker=MASKER,
        states=States(),
        identity=lambda _: None,
    )


if __name__ == "__main__":
    main()
