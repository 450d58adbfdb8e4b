"""What plays about rewards have in common: rewards, credit for people, and what became of it."""

import csv
import io
from datetime import date, timedelta

from dialogue.events import Actor, TimerFired
from dialogue.plain import plain_text
from dialogue.posts import Buttons, Document
from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution
from knowledge_base.ids import ContributionId
from tests.unit.dialogue.stage import ADA, GENERAL, SAM, SPACE, START, Stage, person

TODAY = START.date()
VOUCHER = {"name": "Voucher", "kind": "code", "pieces": "3", "points": "5"}
MUG = {"name": "Mug", "kind": "custom", "pieces": "2", "points": "5", "worth": "20 EUR"}
TALK = {"name": "Talk", "kind": "event", "pieces": "1", "points": "5", "about": "Friday at noon in #talks"}
EARLY = {"name": "Early access", "kind": "role", "pieces": "5", "points": "5", "role": "<@&777>"}


async def with_reward(stage: Stage, reward: dict[str, str] = MUG, **more: str) -> str:
    await stage.open_channel(GENERAL)
    return await stage.command(ADA, "reward add", {**reward, **more})


async def with_codes(stage: Stage, *lines: str, **more: str) -> str:
    """A reward of codes; what became of the lines."""
    assert "Voucher is reward 1 now" in await with_reward(stage, VOUCHER, **more)
    return await stage.submit(ADA, upload(stage), {"codes": "\n".join(lines)})


def upload(stage: Stage) -> str:
    (buttons,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Buttons)]
    return buttons.buttons[0].custom_id


async def credit(stage: Stage, who: Actor, points: int = 5, day: date = TODAY) -> None:
    """Somebody said something, and has points for it."""
    await stage.say(who, "hello everybody")
    stage.chat.miss(stage.posted(who, "hello everybody"))
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        member = await uow.members.behind(community, SPACE, who.account)
        stage.count += 1
        name, at = f"c{stage.count}", START.replace(month=day.month, day=day.day)
        cause = Cause(CauseKind.INSIGHT, name)
        line = Contribution(ContributionId(name), community, member.id, Contributed.REPORT, points, cause, at)
        await uow.contributions.add([line])
        await uow.commit()


async def claim(stage: Stage, who: Actor, reward: str = "1") -> str:
    return await stage.command(who, "rewards claim", {"reward": reward})


async def give(stage: Stage, to: Actor, by: Actor = SAM, reward: str = "1") -> str:
    """Give by hand; all that was said to anybody by that."""
    before = len(stage.chat.sent)
    await stage.happen(stage.invoked(by, "reward give", {"reward": reward, "member": f"<@{to.account}>"}))
    return "\n".join(f"{sent.to}: {plain_text(sent.post)}" for sent in stage.chat.sent[before:])


async def state_of(stage: Stage, who: Actor) -> list[str]:
    async with stage.look() as (uow, community):
        member = await uow.members.behind(community, SPACE, who.account)
        return [grant.state.value for grant in await uow.grants.of_member(community, member.id)]


async def left(stage: Stage) -> list[int]:
    async with stage.look() as (uow, community):
        return [stock.left for stock in (await uow.rewards.stock(community, stage.clock.now())).values()]


async def somebody_new(stage: Stage) -> tuple[Actor]:
    stage.count += 1
    new = person(f"new{stage.count}")
    await stage.say(new, "good morning")
    return (new,)


async def over(stage: Stage, after: timedelta) -> None:
    stage.clock.advance(after)
    async with stage.look() as (uow, _):
        due = await uow.schedules.due(stage.clock.now())
    await stage.happen(*(TimerFired(SPACE, one.name, one.due_at.isoformat(), stage.clock.now()) for one in due))


async def exported(stage: Stage) -> list[dict[str, str]]:
    assert "is in this file" in await stage.command(ADA, "reward export")
    (document,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Document)]
    return list(csv.DictReader(io.StringIO(document.content.decode())))
