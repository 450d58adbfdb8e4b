"""Whatever is done and undone, in whatever order: the ledger's total is the sum of its lines that stand."""

from random import Random

import pytest
from sqlalchemy import create_engine, text

from dialogue.events import Actor
from tests.scenario.test_recognition import DARK
from tests.stage import ANNA, BEN, CARA, SAM, SPACE, Stage

PEOPLE = (ANNA, BEN, CARA)
STEPS = 30


def written(play: Stage) -> dict[str, int]:
    """By member, the points of all lines that are not reversed, as they stand in the file."""
    wanted = text("SELECT member, SUM(points) FROM contributions WHERE reversed_at IS NULL GROUP BY member")
    with create_engine(f"sqlite:///{play.storage.name}").connect() as connection:
        return dict(connection.execute(wanted).all())


async def totals(play: Stage) -> dict[str, int]:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        members = [await uow.members.behind(community, SPACE, who.account) for who in PEOPLE]
        found = {member.id: await uow.contributions.total(community, member.id) for member in members if member}
    return {member: points for member, points in found.items() if points}


class Chance:
    """People who do one thing after another, or take it back."""

    def __init__(self, play: Stage, seed: int) -> None:
        self.play, self.random, self.said = play, Random(seed), []

    async def step(self) -> None:
        who: Actor = self.random.choice(PEOPLE)
        doing = self.random.choice((self.says, self.asks, self.thanks, self.unthanks, self.deletes, self.decides))
        doing(who)
        await self.play.settle()

    def says(self, who: Actor) -> None:
        self.said.append(self.play.say(who, DARK))

    def asks(self, who: Actor) -> None:
        helper = self.random.choice([one for one in PEOPLE if one is not who])
        asked = self.play.say(who, f"How do I export my {self.random.choice(('tags', 'names', 'rows'))} as csv?")
        advice = self.play.say(helper, "you can use the menu, File and then Export", reply_to=asked)
        self.said += [asked, advice, self.play.say(who, f"thanks {helper.name}, that worked", reply_to=advice)]

    def thanks(self, who: Actor) -> None:
        if self.said:
            self.play.react(who, self.random.choice(self.said), "pray")

    def unthanks(self, who: Actor) -> None:
        if self.said:
            self.play.unreact(who, self.random.choice(self.said), "pray")

    def deletes(self, who: Actor) -> None:
        if self.said:
            self.play.delete(self.said.pop(self.random.randrange(len(self.said))))

    def decides(self, who: Actor) -> None:
        self.play.command(SAM, self.random.choice(("insight ship", "insight takeback", "insight undo")), insight="1")


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_total_is_the_sum_of_what_stands_and_nothing_stands_when_all_is_deleted(play: Stage, seed: int):
    chance, seen = Chance(play, seed), set()
    for _ in range(STEPS):
        await chance.step()
        stands = {member: points for member, points in written(play).items() if points}
        assert await totals(play) == stands
        seen.add(sum(stands.values()))
    assert len(seen) > 3, "hardly anything happened"
    for message in chance.said:
        play.delete(message)
    await play.settle()
    assert await totals(play) == {}
