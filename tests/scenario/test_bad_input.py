"""Whatever people, programs and clocks do to a channel costs a bounded amount of work, merges nothing that does not
belong together, and leaves the next talk understood as ever.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from adapters.language.hashing import Hashing
from adapters.language.minilm import MiniLM
from adapters.language.models import load_understanding
from adapters.language.universal import Universal
from dialogue.events import Actor, MessagePosted
from dialogue.meanings import Embedders
from dialogue.understanding import links
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.reading import Reading
from dialogue.understanding.values import KindGuess
from knowledge_base.answers import AnswerState
from knowledge_base.ids import AccountId, PlatformMessageId, message_id
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message
from tests.stage import ANNA, BEN, CARA, HELP, PRODUCT, SPACE, UNDERSTANDING, Stage

NOISE = Actor(AccountId("noise"), "Noise", Role.CUSTOMER)
DORA = Actor(AccountId("dora"), "Dora", Role.CUSTOMER)
EMIL = Actor(AccountId("emil"), "Emil", Role.CUSTOMER)
FAY = Actor(AccountId("fay"), "Fay", Role.CUSTOMER)
ROBOT = Actor(AccountId("robot"), "Robot", Role.BOT)
SYSTEM = Actor(AccountId("system"), "System", Role.SYSTEM)

STATEMENTS = 60
"""The most that one message may take, with all that comes of it; what began an insight and a card takes about half."""

EDITED = 100
"""The same for an edit by which one insight goes and another one begins."""

JUDGED = 150
"""Of how many texts the kind may be looked at for one message: itself, and sentences that may become a title."""

LOG = "\n".join(
    f"2026-03-02T10:{line // 60:02}:{line % 60:02} ERROR worker-{line % 7} the export failed: cannot open file {line}"
    for line in range(2_000)
)
CODE = (
    "```\nfor item in items:\n    if broken(item):\n        raise ValueError('the export crashes, please fix it')\n```"
)


@dataclass
class Work:
    """What was done: statements to the database, texts embedded, messages linked."""

    statements: int = 0
    embedded: int = 0
    linked: int = 0


class CountedEmbedder(Hashing):
    """The fallback, counting the texts that it is asked about."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def embed(self, text: str):
        self._work.embedded += 1
        return super().embed(text)


@pytest.fixture
def work(play: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """What the play costs from now on."""
    done = Work()

    def stated(*_: object) -> None:
        done.statements += 1

    scored = links.Ranker.chances

    def counted(ranker: links.Ranker, seen: links.Floats) -> links.Floats:
        done.linked += 1
        return scored(ranker, seen)

    monkeypatch.setattr(links.Ranker, "chances", counted)
    play.restart(replace(UNDERSTANDING, embedders=Embedders(CountedEmbedder(done))))
    event.listen(Engine, "before_cursor_execute", stated)
    yield done
    event.remove(Engine, "before_cursor_execute", stated)


@contextmanager
def counted(work: Work) -> Iterator[Work]:
    """The work of the block alone."""
    before, spent = replace(work), Work()
    yield spent
    spent.statements = work.statements - before.statements
    spent.embedded = work.embedded - before.embedded
    spent.linked = work.linked - before.linked


@asynccontextmanager
async def bounded(
    work: Work, messages: int, embedded: int | None = None, linked: int | None = None
) -> AsyncIterator[None]:
    """The block costs at most what so many messages may."""
    with counted(work) as spent:
        yield
    assert spent.statements <= STATEMENTS * messages
    assert spent.embedded <= (messages if embedded is None else embedded)
    assert spent.linked <= (messages if linked is None else linked)


@contextmanager
def classified(texts: list[object]) -> Iterator[None]:
    """Whatever is classified meanwhile is put on the list."""
    classify = LearnedKinds.classify

    def noting(self: LearnedKinds, reading: Reading) -> KindGuess:
        texts.append(reading)
        return classify(self, reading)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LearnedKinds, "classify", noting)
        yield


async def kept(play: Stage, message: PlatformMessageId) -> Message:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        found = await uow.messages.get(community, message_id(SPACE, HELP.channel, message))
    assert found is not None
    return found


async def insights(play: Stage) -> list[Insight]:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        return list(await uow.insights.open(community, limit=1_000))


def burst(who: Actor, texts: Sequence[str], first: datetime, name: str) -> list[MessagePosted]:
    """One person says all of this within a second."""
    step = timedelta(seconds=1) / len(texts)
    return [
        MessagePosted(HELP, who, PlatformMessageId(f"{name}-{n}"), text, first + n * step)
        for n, text in enumerate(texts)
    ]


async def understood_as_ever(play: Stage) -> None:
    """A talk as on any day: a problem that is solved, and a wish with a second voice."""
    before = len(play.shown(PRODUCT))
    play.clock.advance(timedelta(hours=3))
    asked = play.say(DORA, "since the update my invoices are printed in the wrong currency, it is broken")
    advised = play.say(EMIL, "@Dora open the billing settings and choose your country again")
    solved = play.say(DORA, "@Emil thanks, that worked!")
    play.clock.advance(timedelta(hours=3))
    wished = play.say(FAY, "please add a calendar view of all my bookings")
    joined = play.say(EMIL, "@Fay +1, same here")
    await play.settle()

    problem, advice, thanks, wish, second = [await kept(play, one) for one in (asked, advised, solved, wished, joined)]
    assert (problem.reply_to, problem.kind) == (None, Kind.PROBLEM)
    assert (advice.reply_to, advice.kind) == (problem.id, Kind.SOLUTION)
    assert (thanks.reply_to, thanks.kind) == (advice.id, Kind.CHATTER)
    assert (wish.reply_to, wish.kind) == (None, Kind.REQUEST)
    assert (second.reply_to, second.kind) == (wish.id, Kind.REQUEST)
    first, other = play.shown(PRODUCT)[before:]
    assert problem.text in first
    assert wish.text in other
    assert "2 people" in other
    async with play.storage.read() as uow:
        [answer] = await uow.answers.asked_in(problem.community, problem.conversation, [problem.id])
        assert await uow.inbox.dead() == []
    assert (answer.state, answer.solver) == (AnswerState.CANDIDATE, advice.author)


async def test_a_talk_is_understood_as_ever(play: Stage, work: Work) -> None:
    async with bounded(work, 5):
        await understood_as_ever(play)


async def test_a_thousand_lines_within_a_second_by_one_person_cost_each_what_the_first_did(
    play: Stage, work: Work
) -> None:
    parts = [
        [f"please add column number {10 * part + n} to the export" for n in range(10)]
        + ["buy cheap watches now!!!", "thanks, that worked"] * 20
        + ["lol"] * 100
        + [f"lol {n}" for n in range(50)]
        for part in (10, 20, 30, 40, 50)
    ]
    told = [text for texts in parts for text in texts]
    assert len(told) == 1_000
    said = burst(NOISE, told, play.clock.now(), "flood")
    costs = []
    for first in range(0, 1_000, 200):
        play.chat.happen(*said[first : first + 200])
        with counted(work) as spent:
            await play.settle()
        costs.append(spent)
    assert costs[-1].statements <= 1.1 * costs[0].statements
    assert costs[0].statements <= 200 * STATEMENTS
    assert sum(spent.embedded for spent in costs) <= len(set(told))
    assert all(spent.linked <= 200 for spent in costs)
    found = await insights(play)
    assert {insight.demand for insight in found} == {1}
    assert sum("column number" in insight.title for insight in found) == 50
    await understood_as_ever(play)


async def test_pasted_logs_are_read_in_part_and_merge_nothing(play: Stage, work: Work) -> None:
    judged: list[object] = []
    async with bounded(work, 6):
        play.say(ANNA, f"the login fails with my new phone\n{LOG}")
        play.say(BEN, f"invoices are printed twice, it is broken\n{LOG}")
        for who in (NOISE, NOISE, CARA):
            play.say(who, LOG)
        play.say(CARA, LOG.replace("export", "import"))
        with classified(judged):
            await play.settle()
    assert len(judged) <= 6 * JUDGED
    titles = [insight.title for insight in await insights(play)]
    assert {"the login fails with my new phone", "invoices are printed twice, it is broken"} <= set(titles)
    await understood_as_ever(play)


@pytest.mark.skipif(
    not (MiniLM.is_installed() and Universal.is_installed()), reason="the build hook has not written the models here"
)
async def test_the_same_log_under_other_words_is_another_insight_to_the_real_models_too(play: Stage) -> None:
    play.restart(load_understanding())
    for who, words in ((ANNA, "the login fails with my new phone"), (BEN, "invoices are printed twice, it is broken")):
        play.say(who, f"{words}\n{LOG}")
    await play.settle()
    assert {insight.demand for insight in await insights(play)} == {1}
    assert len(play.shown(PRODUCT)) == 2


async def test_code_alone_says_nothing_and_the_same_code_under_other_words_is_another_insight(
    play: Stage, work: Work
) -> None:
    async with bounded(work, 4):
        for who in (ANNA, BEN):
            play.say(who, CODE)
        play.say(ANNA, f"the login fails with my new phone {CODE}")
        play.say(BEN, f"please add a dark mode to the app {CODE}")
        await play.settle()
    titles = sorted(insight.title for insight in await insights(play))
    assert titles == ["please add a dark mode to the app", "the login fails with my new phone"]
    await understood_as_ever(play)


async def test_only_emoji_and_only_links_are_nobodys_insight(play: Stage, work: Work) -> None:
    people = (ANNA, BEN, CARA)
    async with bounded(work, 60):
        for n in range(10):
            for said in (
                "😡" * (n + 1),
                "😭😭😭 🔥",
                ":sob: :fire:",
                "<:rage:123456> <:rage:123456>",
                f"https://example.org/bug/crash-broken-please-fix-{n}",
                "https://example.org/feature/please-add-dark-mode",
            ):
                play.say(people[n % 3], said)
        await play.settle()
    assert await insights(play) == []
    await understood_as_ever(play)


async def test_bots_that_talk_and_people_who_come_and_go_are_not_even_compared(play: Stage, work: Work) -> None:
    async with bounded(work, 300, embedded=0, linked=0):
        for n in range(100):
            play.say(ROBOT, f"Build {n} failed: the export crashes. Please fix it! Is it broken?")
            play.say(SYSTEM, f"Newcomer {n} joined the channel")
            play.say(SYSTEM, f"Newcomer {n} left the channel")
        await play.settle()
    assert await insights(play) == []
    assert play.shown(PRODUCT) == []
    await understood_as_ever(play)


async def test_clocks_that_are_wrong_or_go_backwards(play: Stage, work: Work) -> None:
    now = play.clock.now()
    wishes = (
        "a dark mode",
        "two-factor login",
        "an offline map",
        "bigger fonts",
        "invoices by mail",
        "a German keyboard",
    )
    async with bounded(work, 46):
        for n, (days, wish) in enumerate(zip((-400, 3650, -20_000, 2_900_000, 40, -30), wishes, strict=True)):
            at = now + timedelta(days=days)
            play.chat.happen(MessagePosted(HELP, ANNA, PlatformMessageId(f"skewed-{n}"), f"please add {wish}", at))
        for n in range(40):
            who, at = (BEN, CARA)[n % 2], now - timedelta(minutes=n)
            play.chat.happen(MessagePosted(HELP, who, PlatformMessageId(f"back-{n}"), f"ok, I see {n}", at))
        await play.settle()
    assert sorted(insight.title for insight in await insights(play)) == sorted(f"please add {wish}" for wish in wishes)
    assert {insight.demand for insight in await insights(play)} == {1}
    await understood_as_ever(play)


async def test_a_message_edited_fifty_times_is_one_voice_of_what_it_says_last(play: Stage, work: Work) -> None:
    versions = ("please add a dark mode", "the login fails with my new phone", "lol", CODE, "please add a dark mode")
    said = play.say(ANNA, "please add a dark mode")
    other = play.say(BEN, "please add an offline map")
    await play.settle()
    costs = []
    for _ in range(10):
        with counted(work) as spent:
            for version in versions:
                play.edit(ANNA, said, version)
                await play.settle()
        costs.append(spent)
    assert costs[-1].statements <= 1.1 * costs[1].statements
    assert costs[1].statements <= len(versions) * EDITED
    assert sum(spent.embedded for spent in costs) <= len(versions)  # what was said lately is remembered
    titles = [insight.title for insight in await insights(play)]
    assert sorted(titles) == ["please add a dark mode", (await kept(play, other)).text]
    assert {insight.demand for insight in await insights(play)} == {1}
    assert sum("please add a dark mode" in card for card in play.shown(PRODUCT)) == 1
    await understood_as_ever(play)
