"""``/rewards``: what I can have, what I have, and what I do not want."""

from collections.abc import Sequence

from dialogue.actions import PrizeOf
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Block, Fact, Facts, Paragraph, Post, plain
from dialogue.rewarding.ending import end
from dialogue.rewarding.giving import give
from dialogue.rewarding.qualifying import standing_of
from dialogue.rewarding.showing import label
from knowledge_base.ids import RewardId
from knowledge_base.members import Role
from knowledge_base.rewards import Grant, GrantState, Reward, RewardKind, is_over

_REWARD = Option("reward", OptionType.REWARD, "help.option.reward")

COMMAND = Command(
    "rewards",
    "help.rewards.noun",
    (
        Verb("show", "help.rewards.show", Role.CUSTOMER),
        Verb("claim", "help.rewards.claim", Role.CUSTOMER, (_REWARD,)),
        Verb("open", "help.rewards.open", Role.CUSTOMER, (_REWARD,)),
        Verb("refuse", "help.rewards.refuse", Role.CUSTOMER, (_REWARD,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "claim": _claim, "open": _open, "refuse": _refuse})


async def _show(asked: Invocation) -> Answer:
    """Only what is there: of what is spent or over nobody is told."""
    uow, community = asked.context.uow, asked.context.community
    grants = await uow.grants.of_member(community, asked.member.id)
    rewards = await uow.rewards.all(community)
    by_id = {reward.id: reward for reward in rewards}
    had = {grant.reward for grant in grants}
    mine = [Fact(label(by_id[grant.reward]), _became(asked, by_id[grant.reward], grant)) for grant in grants]
    there = await _there(asked, [reward for reward in rewards if reward.id not in had])
    blocks: list[Block] = []
    if mine:
        blocks += [Paragraph(asked.say("rewards.mine")), Facts(tuple(mine)), Paragraph(asked.say("rewards.how"))]
    if there:
        blocks += [Paragraph(asked.say("rewards.there")), Facts(tuple(there))]
    return Answer(Post(tuple(blocks))) if blocks else asked.answer("rewards.none")


async def _there(asked: Invocation, rewards: Sequence[Reward]) -> Sequence[Fact]:
    context = asked.context
    stock = await context.uow.rewards.stock(context.community, context.now)
    standing = await standing_of(context, asked.member.id)
    facts = []
    for reward in rewards:
        missing = standing.missing(reward)
        if missing is None or reward.id not in stock or stock[reward.id].left < 1 or is_over(reward, context.now):
            continue
        places: dict[str, str | int] = {
            "kind": asked.say(f"reward_kind.{reward.kind}"),
            "points": missing,
            "number": reward.number,
        }
        facts.append(Fact(label(reward), asked.say("rewards.missing" if missing else "rewards.yours_to_claim", places)))
    return facts


async def _claim(asked: Invocation) -> Answer:
    context = asked.context
    await context.uow.communities.lock(context.community)
    reward = await asked.reward("reward")
    if not asked.event.actor.role.is_customer:
        raise Refused(asked.say("refused.reward_staff"))
    missing = (await standing_of(context, asked.member.id)).missing(reward)
    if reward.closed_at is not None:
        raise Refused(asked.say("granting.closed", {"name": reward.name}))
    if missing is None:
        raise Refused(asked.say("refused.reward_by_hand", {"name": reward.name}))
    if missing:
        raise Refused(asked.say("refused.reward_points", {"name": reward.name, "points": missing}))
    grant, outgoing = await give(context, reward, asked.member)
    if reward.kind is RewardKind.CODE:
        return await _handing_over(asked, grant)
    return Answer(_got(asked, reward), tuple(outgoing))


async def _open(asked: Invocation) -> Answer:
    """The code, once; of anything else what it is about."""
    await asked.context.uow.communities.lock(asked.context.community)
    reward, grant = await _own(asked)
    if reward.kind is not RewardKind.CODE:
        return Answer(_got(asked, reward))
    if grant.state is GrantState.FULFILLED:
        raise Refused(asked.say("refused.code_shown", {"name": reward.name}))
    if await asked.context.uow.grants.code(grant) is None:
        raise Refused(asked.say("refused.code_unreadable", {"name": reward.name}))
    return await _handing_over(asked, grant)


async def _refuse(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    reward, grant = await _own(asked)
    outgoing = await end(asked.context, reward, grant, GrantState.REFUSED) or ()
    return Answer(plain(asked.say("rewards.refused", {"name": reward.name})), tuple(outgoing))


async def _handing_over(asked: Invocation, grant: Grant) -> Answer:
    """Once the answer was sent the code is forgotten here, and the line is done."""
    post = asked.context.outbox_id()
    await asked.context.uow.grants.hand_over(grant, post)
    return Answer(PrizeOf(RewardId(grant.reward), grant.number), id=post)


async def _own(asked: Invocation) -> tuple[Reward, Grant]:
    """The reward named, and the line by which it is theirs. Raises Refused where it is not."""
    reward = await asked.reward("reward")
    grants = await asked.context.uow.grants.of_member(asked.context.community, asked.member.id)
    grant = next((one for one in grants if one.reward == reward.id and one.state.is_live), None)
    if grant is None:
        raise Refused(asked.say("refused.reward_not_yours", {"name": reward.name}))
    return reward, grant


def _got(asked: Invocation, reward: Reward) -> Post:
    said = Paragraph(asked.say(f"rewards.got_{reward.kind}", {"name": reward.name}))
    return Post((said, Paragraph(reward.about))) if reward.about else Post((said,))


def _became(asked: Invocation, reward: Reward, grant: Grant) -> str:
    day = (grant.settled_at or grant.at).date().isoformat()
    key = str(grant.state)
    if reward.kind is RewardKind.CODE and grant.state is GrantState.GIVEN:
        key = "to_open"
    return asked.say(f"rewards.became_{key}", {"day": day, "number": reward.number})
