"""How long a weekly digest of many insights takes, and its memory: ``python -m benchmarks.digests [--insights 20000]``.

A team has so many open insights with two voices each, a tenth of them of the last week, in a SQLite file; a fifth of
the people are customers of a tier. *Decided*: whether there is anything to tell, and that it is told, in the
transaction that others wait for. *Composed*: the post with its picture, as it is before it is sent.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from adapters.charts.drawing import PillowCharts
from adapters.storage.database import Database
from bot.wiring import open_storage, throwaway_sealer
from dialogue.actions import DigestOf, OutboxId
from dialogue.digests.composing import compose_digest
from dialogue.digests.contents import has_news
from dialogue.digests.windows import next_digest, span_of
from dialogue.posts import Facts, Picture
from dialogue.rows import PostedCard
from dialogue.teams import settle_team
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.circles import circle_of
from knowledge_base.facets import Facets, Urgency
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    CommunityId,
    ConversationId,
    InsightId,
    MemberId,
    MessageId,
    SpaceId,
    TeamId,
)
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.merging import Embedding, Meaning
from knowledge_base.messages import Message
from knowledge_base.teams import Team
from knowledge_base.tiers import Tier

ACME, SPACE, HELP, ROOM = CommunityId("acme"), SpaceId("space"), ChannelId("help"), ChannelId("room")
NOW: Final = datetime(2026, 3, 9, 9, tzinfo=UTC)
PEOPLE: Final = 500
A_TIME: Final = 1_000
KINDS: Final = (Kind.PROBLEM, Kind.REQUEST, Kind.QUESTION, Kind.PRAISE)
AREAS: Final = ("export", "billing", "search", "editor", "login", None)
TEAM: Final = Team(TeamId("product"), ACME, "Product", SPACE, ROOM)


def message(number: int, voice: int) -> Message:
    """The first of an insight's messages, or its second, which came in the last week for every third."""
    days = 7 + number % 60 if number % 10 else number % 7
    later = timedelta(days=days) if not voice or number % 3 else timedelta(days=min(days, 3))
    return Message(
        id=MessageId(f"space/help/{number}.{voice}"),
        community=ACME,
        space=SPACE,
        channel=HELP,
        thread=None,
        author=MemberId(f"m{(number * 7 + voice * 13) % PEOPLE}"),
        author_name="Somebody",
        role=Role.CUSTOMER,
        at=NOW - later,
        text=f"The export drops column {number} every time that I try it, this is broken",
        language="en",
        kind=KINDS[number % len(KINDS)],
        confidence=0.9,
        conversation=ConversationId(f"c{number}"),
        reply_to=None,
        facets=Facets(urgency=Urgency.SOON if number % 9 == 0 else Urgency.NONE, area=AREAS[number % len(AREAS)]),
    )


async def fill(storage: Database, insights: int) -> None:
    """A community with people, a team, and its insights, all but the last tenth told of before."""
    async with storage.begin() as uow:
        await uow.communities.found(ACME, SPACE, "Acme", NOW)
        await uow.channels.see(ACME, SPACE, HELP, "help", Audience.PUBLIC, Shared.NO)
        await uow.channels.see(ACME, SPACE, ROOM, "room", Audience.INTERNAL, Shared.NO)
        for number in range(PEOPLE):
            await uow.members.see(
                ACME,
                SPACE,
                AccountId(f"a{number}"),
                "Somebody",
                Role.CUSTOMER,
                MemberId(f"m{number}"),
                tier="" if number % 5 else "Enterprise",
            )
        await uow.tiers.put(Tier(ACME, SPACE, "7", "Enterprise"))
        await settle_team(uow, TEAM, SPACE, ROOM, "Europe/Berlin", NOW - timedelta(days=100))
        await uow.commit()
    for numbers in ([n for n in range(insights) if n % 10], range(0, insights, 10)):
        for begin in range(0, len(numbers), A_TIME):
            await _add(storage, numbers[begin : begin + A_TIME])
        if numbers[0]:
            await told(storage, NOW - timedelta(days=7))


async def _add(storage: Database, numbers: Sequence[int]) -> None:
    said = Meaning("tiny", (Embedding("tiny", np.ones(4, np.float32) / 2),))
    circle = circle_of(SPACE, HELP, Audience.PUBLIC, Shared.NO)
    async with storage.begin() as uow:
        for number in numbers:
            voices = [message(number, voice) for voice in (0, 1)]
            await uow.messages.add(voices)
            first, key = voices[0], InsightId(f"i{number}")
            insight = Insight(key, ACME, 0, first.kind, first.text[:60], first.id, Status.NEW, 0, first.at, first.at)
            await uow.insights.add(insight)
            await uow.cards.add(ACME, PostedCard(key, TEAM.id, OutboxId(f"p{number}"), SPACE, ROOM))
            for voice in voices:
                await uow.insights.add_voice(ACME, key, voice.id, said, circle)
        await uow.commit()


async def told(storage: Database, now: datetime) -> tuple[float, DigestOf]:
    """Decide about a digest as its timer does; the seconds it took, and the digest."""
    began = time.perf_counter()
    async with storage.begin() as uow:
        settings = (await uow.digests.settings(ACME))[TEAM.id]
        digest = next_digest(settings, await uow.digests.last_voice(ACME), now, now)
        await uow.digests.tell(ACME, TEAM.id, now)
        assert has_news(await uow.digests.news(ACME, span_of(digest)), settings.parts)
        await uow.digests.put_settings(replace(settings, told_until=now, told_voice=digest.upto))
        await uow.commit()
    return time.perf_counter() - began, digest


async def measure(insights: int, folder: Path) -> None:
    """Fill, decide, compose, and tell."""
    async with open_storage(f"sqlite:///{folder}/digests.db", throwaway_sealer()) as storage:
        await fill(storage, insights)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with open_storage(f"sqlite:///{folder}/digests.db", throwaway_sealer()) as storage:
        texts, room = Texts.load(), Channel(ACME, SPACE, ROOM, "room", Audience.INTERNAL, Mode.OFF)
        decided, digest = await told(storage, NOW)
        processor, began = time.process_time(), time.perf_counter()
        async with storage.read() as uow:
            post = await compose_digest(uow, ACME, digest, room, texts, PillowCharts())
        took, processor = time.perf_counter() - began, time.process_time() - processor
    facts = sum(len(block.facts) for block in post.blocks if isinstance(block, Facts))
    (picture,) = [block for block in post.blocks if isinstance(block, Picture)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{insights} insights: decided in {decided:.2f} s")
    print(f"composed in {took:.2f} s, of which {processor:.2f} s of the processor")
    print(f"{facts} lines, a picture of {len(picture.png) // 1024} KB")
    print(f"{peak / 1024:.0f} MB at most, {before / 1024:.0f} of them for what was there before")


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--insights", type=int, default=20_000)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(arguments.parse_args().insights, Path(folder)))


if __name__ == "__main__":
    main()
