"""At every step of the way in and out the process dies, is started again, and nothing is lost or said twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.memory.chat import Sent
from adapters.memory.clock import FakeClock
from adapters.storage.database import Database
from bot.relay import LEASE
from dialogue.errors import Unavailable, Uncertain
from dialogue.plain import plain_text
from dialogue.posts import Quote
from knowledge_base.ids import PlatformMessageId, platform_id
from tests.conftest import ReversingSealer
from tests.crash.faults import Crash, FragileChat, FragileStorage, Fuse
from tests.stage import ADA, ANNA, BEN, CARA, HELP, MONDAY, PRODUCT, SAM, SPACE, Stage

CSV = "The CSV export drops my tags, the tags column is empty in every file"


@dataclass(frozen=True)
class Outcome:
    """What a play leaves: what is known, what stands in the channels, what people were told."""

    judgements: frozenset[tuple[str, str, str | None]]
    groups: Counter[str]
    cards: Counter[str]
    reactions: frozenset[tuple[str, str, str]]
    told: Counter[str]
    answers: Counter[tuple[str, str]]
    heard: Counter[tuple[str | None, str]]


def act_one(play: Stage) -> None:
    play.say(SAM, "good morning", PRODUCT)
    play.command(ADA, "team add", name="product", channel="product")
    play.command(ADA, "route add", team="product")
    play.command(ADA, "tag new", name="export", reaction="bug")


def act_two(play: Stage) -> None:
    first = play.say(ANNA, CSV)
    play.say(BEN, CSV)
    play.say(CARA, "It would be great to have a dark mode, please add one")
    play.react(SAM, first, "bug")
    play.say(BEN, "The app crashes whenever I open the settings page")
    play.edit(ANNA, first, CSV + " since the update")


def act_three(play: Stage) -> None:
    gone = next(card for card in play.cards() if "settings page" in str(card.post))
    play.delete(PlatformMessageId(link_of(gone).rsplit("/", 1)[1]))
    card = next(card for card in play.cards() if "dark mode" in str(card.post))
    play.press(SAM, card, "Plan")
    play.command(CARA, "privacy show")


def act_four(play: Stage) -> None:
    """The platform is in trouble: nothing arrives, then something does and nobody says so."""
    play.chat.troubles.extend((Unavailable("down"), Uncertain("the connection broke")))
    play.say(ANNA, "Could you add a calendar view, please? I need one every day")
    play.command(ANNA, "privacy show")


def act_five(play: Stage) -> None:
    """One question is solved, another only answered."""
    for ask in ("How do I export my tags as csv?", "Where can I change the colour of the labels?"):
        asked = play.say(ANNA, ask)
        said = play.say(BEN, "open the menu and then use Export or Labels", reply_to=asked)
        if "csv" in ask:
            play.say(ANNA, "thanks ben, that worked", reply_to=said)


def act_six(play: Stage) -> None:
    """The talk has gone still."""
    play.clock.advance(timedelta(days=2))


def act_seven(play: Stage) -> None:
    """Staff make two insights one, take a voice out again, and undo the first."""
    play.command(SAM, "insight merge", insight="2", into="1")
    play.command(SAM, "insight split", message="m6")
    play.command(SAM, "insight undo", insight="2")


def link_of(card: Sent) -> str:
    return next(block.link for block in card.post.blocks if isinstance(block, Quote) and block.link)


Act = Callable[[Stage], None]
ACTS: Sequence[Act] = (act_one, act_two, act_three, act_four, act_five, act_six, act_seven)


async def settle(play: Stage) -> None:
    """All of it, also what has to be tried again later."""
    await play.settle()
    async with play.storage.read() as uow:
        due = await uow.outbox.next_due()
    if due is not None:
        play.clock.move_to(due)
        await settle(play)


async def perform(folder: Path, template: Path, blows_at: int, acts: Sequence[Act] = ACTS) -> tuple[Outcome, list[str]]:
    """The whole play with one death at the step ``blows_at`` (0: none); what it leaves, and the steps it had."""
    file = folder / f"parley-{blows_at}.db"
    file.write_bytes(template.read_bytes())
    chat, clock, fuse = FragileChat(SPACE), FakeClock(MONDAY), Fuse(blows_at)
    chat.fuse = fuse
    database = await Database.open(f"sqlite:///{file}", ReversingSealer())
    play = Stage(FragileStorage(database, fuse), chat, clock)
    for act in acts:
        act(play)
        try:
            await settle(play)
        except Crash:
            await database.close()
            database = await Database.open(f"sqlite:///{file}", ReversingSealer())
            play.storage = FragileStorage(database, fuse)
            play.restart()
            clock.advance(LEASE + timedelta(seconds=1))
            await settle(play)
    outcome = await outcome_of(play, database, chat)
    await database.close()
    return outcome, fuse.steps


async def steps_of(folder: Path, template: Path, acts: Sequence[Act]) -> int:
    """How many steps these acts have: deaths at what leads to another play's own acts are this play's to tell."""
    before = folder / "before"
    before.mkdir()
    return len((await perform(before, template, 0, acts))[1])


async def outcome_of(play: Stage, database: Database, chat: FragileChat) -> Outcome:
    async with database.read() as uow:
        assert not await uow.inbox.take(10, play.clock.now()), "something accepted was not handled"
        assert not await uow.inbox.dead()
        assert await uow.outbox.next_due() is None, "something decided was not done"
        rows = [row async for row in uow.totals.judgements()]
        found = await uow.answers.waiting(await uow.communities.of_space(SPACE), 100)
    assert max(Counter(chat.effects).values()) == 1, "something was said twice"
    insights: dict[str, list[str]] = {}
    for row in rows:
        if row.insight:
            insights.setdefault(row.insight, []).append(platform_id(row.message))
    return Outcome(
        judgements=frozenset((platform_id(row.message), row.kind.value, platform_id(row.conversation)) for row in rows),
        groups=Counter(" ".join(sorted(voices)) for voices in insights.values()),
        cards=Counter(play.shown(PRODUCT)),
        reactions=frozenset(chat.reactions),
        told=Counter(text for who in (ADA, SAM, CARA) for text in play.told(who)),
        answers=Counter((platform_id(one.question), one.outcome.value) for one in found),
        heard=Counter(
            (sent.thread, plain_text(sent.post))
            for sent in chat.sent
            if sent.ref.channel == HELP.channel and not sent.to
        ),
    )


async def test_a_death_at_any_step_loses_nothing_and_says_nothing_twice(tmp_path: Path, sqlite_template: Path):
    expected, steps = await perform(tmp_path, sqlite_template, 0)
    assert sum(expected.cards.values()) == 5
    assert any("planned" in card for card in expected.cards)
    assert sorted(outcome for _, outcome in expected.answers) == ["confirmed", "open"]
    assert HELP.channel in {channel for channel, _, _ in expected.reactions}
    assert len(steps) > 30
    for step, name in enumerate(steps, start=1):
        outcome, _ = await perform(tmp_path, sqlite_template, step)
        assert outcome == expected, f"died at step {step}, {name}"


@pytest.mark.parametrize("blows_at", [1, 2])
async def test_the_fuse_really_blows(tmp_path: Path, sqlite_template: Path, blows_at: int):
    chat = FragileChat(SPACE)
    database = await Database.open(f"sqlite:///{tmp_path / 'x.db'}", ReversingSealer())
    play = Stage(FragileStorage(database, Fuse(blows_at)), chat, FakeClock(MONDAY))
    act_one(play)
    with pytest.raises(Crash):
        await play.settle()
    await database.close()
