"""What a card costs to compose, in processor time: ``python -m benchmarks.cards``.

2,000 insights with three voices each, in a SQLite file in a temporary folder; composed as the relay does it, what a
hundred of them show read at once.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta

from adapters.language.masking.masker import PatternMasker
from adapters.storage.database import Database
from benchmarks.storage import NoSealer
from dialogue import cards
from dialogue.ports import UnitOfWork
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    CommunityId,
    ConversationId,
    InsightId,
    MemberId,
    PlatformMessageId,
    SpaceId,
    message_id,
)
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.merging import Meaning
from knowledge_base.messages import Message

INSIGHTS, VOICES, AT_ONCE = 2_000, 3, 100
ACME, SPACE, HELP, TEAM = CommunityId("acme"), SpaceId("guild"), ChannelId("help"), ChannelId("team")
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def fill(uow: UnitOfWork) -> None:
    """Everything that is to be shown."""
    await uow.communities.found(ACME, SPACE, "Acme", NOW)
    for channel, audience in ((HELP, Audience.PUBLIC), (TEAM, Audience.INTERNAL)):
        await uow.channels.see(ACME, SPACE, channel, channel, audience, Shared.NO)
    for number in range(VOICES):
        account = AccountId(f"m{number}")
        await uow.members.see(ACME, SPACE, account, account, Role.CUSTOMER, MemberId(f"m{number}"))
    circle = circle_of(SPACE, HELP, Audience.PUBLIC, Shared.NO)
    for number in range(INSIGHTS):
        said = [_said(number, voice) for voice in range(VOICES)]
        name = InsightId(f"i{number}")
        await uow.insights.add(_insight(name, said[0]))
        await uow.messages.add(said)
        for message in said:
            await uow.insights.add_voice(ACME, name, message.id, Meaning("none", ()), circle)
    await uow.commit()


async def compose_all(database: Database) -> float:
    """Processor seconds for all cards."""
    masker, texts = PatternMasker(), Texts.load()
    names = [InsightId(f"i{number}") for number in range(INSIGHTS)]
    began = time.process_time()
    for start in range(0, INSIGHTS, AT_ONCE):
        async with database.read() as uow:
            channel = await uow.channels.get(SPACE, TEAM)
            assert channel is not None
            await cards.read_ahead(uow, ACME, names[start : start + AT_ONCE])
            for name in names[start : start + AT_ONCE]:
                await cards.compose(uow, ACME, name, channel, masker, texts)
    return time.process_time() - began


def _said(insight: int, voice: int) -> Message:
    return Message(
        id=message_id(SPACE, HELP, PlatformMessageId(f"{insight}-{voice}")),
        community=ACME,
        space=SPACE,
        channel=HELP,
        thread=None,
        author=MemberId(f"m{voice}"),
        author_name=f"m{voice}",
        role=Role.CUSTOMER,
        at=NOW + timedelta(days=voice),
        text=f"The export of report {insight} drops my tags, this is broken",
        language="en",
        kind=Kind.PROBLEM,
        confidence=0.9,
        conversation=ConversationId(f"c{insight}"),
        reply_to=None,
    )


def _insight(name: InsightId, first: Message) -> Insight:
    return Insight(name, ACME, 0, Kind.PROBLEM, first.text, first.id, Status.NEW, 1, first.at, first.at)


async def main() -> None:
    """Print what one card took, the best of five times."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite:///{folder}/cards.db", NoSealer())
        async with database.begin() as uow:
            await fill(uow)
        took = min([await compose_all(database) for _ in range(5)])
        print(f"{1000 * took / INSIGHTS:.3f} ms a card, {INSIGHTS} cards")
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
