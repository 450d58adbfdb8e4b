"""``/reward``: what staff give to those who contributed, within a budget, and what they owe."""

from typing import Final

from dialogue.actions import LedgerOf
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.commands.new_reward import OPTIONS, budget_of, new_reward
from dialogue.errors import Refused
from dialogue.people import may_keep
from dialogue.posts import Fact, Facts, Paragraph, Post, plain
from dialogue.rewarding.ending import end
from dialogue.rewarding.expiring import end_later
from dialogue.rewarding.giving import give, tell
from dialogue.rewarding.showing import for_staff, label, named, number_of
from dialogue.rewarding.uploading import offer
from knowledge_base.members import Role
from knowledge_base.rewards import Grant, GrantState, Reward, RewardKind

MOST_OWED: Final = 60
"""Of how much that staff owe is told at once."""

_REWARD = Option("reward", OptionType.REWARD, "help.option.reward")
_GRANT = Option("grant", OptionType.GRANT, "help.option.grant")
_PIECES = Option("pieces", OptionType.TEXT, "help.option.pieces", required=False)
_MONTHLY = Option("monthly", OptionType.TEXT, "help.option.monthly", required=False)
_WHO = Option("member", OptionType.MEMBER, "help.option.reward_member")

COMMAND = Command(
    "reward",
    "help.reward.noun",
    (
        Verb("list", "help.reward.list", Role.STAFF),
        Verb("add", "help.reward.add", Role.ADMIN, OPTIONS),
        Verb("remove", "help.reward.remove", Role.ADMIN, (_REWARD,)),
        Verb("budget", "help.reward.budget", Role.ADMIN, (_REWARD, _PIECES, _MONTHLY)),
        Verb("codes", "help.reward.codes", Role.ADMIN, (_REWARD,)),
        Verb("give", "help.reward.give", Role.STAFF, (_REWARD, _WHO)),
        Verb("owed", "help.reward.owed", Role.STAFF),
        Verb("fulfil", "help.reward.fulfil", Role.STAFF, (_GRANT,)),
        Verb("revoke", "help.reward.revoke", Role.STAFF, (_GRANT,)),
        Verb("export", "help.reward.export", Role.ADMIN),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(
        COMMAND,
        {
            "list": _list,
            "add": _add,
            "remove": _remove,
            "budget": _budget,
            "codes": _codes,
            "give": _give,
            "owed": _owed,
            "fulfil": _fulfil,
            "revoke": _revoke,
            "export": _export,
        },
    )


async def _list(asked: Invocation) -> Answer:
    uow, community = asked.context.uow, asked.context.community
    rewards = await uow.rewards.all(community)
    if not rewards:
        return asked.answer("reward.none")
    stock = await uow.rewards.stock(community, asked.context.now)
    # those that are still given first: what is over may be much
    ordered = sorted(rewards, key=lambda one: (one.id not in stock, one.number))
    facts = tuple(Fact(label(one), for_staff(one, stock.get(one.id), asked.context.texts)) for one in ordered)
    return Answer(Post((Paragraph(asked.say("reward.all")), Facts(facts))))


async def _add(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    reward = await new_reward(asked)
    await asked.context.uow.rewards.add(reward)
    await end_later(asked.context, reward, asked.event.place.space)
    said = asked.say("reward.added", {"name": reward.name, "number": reward.number})
    if reward.kind is RewardKind.CODE:
        return Answer(Post((Paragraph(said), *offer(reward, asked.context.texts).blocks)))
    return Answer(plain(said))


async def _remove(asked: Invocation) -> Answer:
    """What somebody has stays theirs."""
    reward = await _open(asked)
    await asked.context.uow.rewards.close(asked.context.community, reward.id, asked.context.now)
    return asked.answer("reward.removed", {"name": reward.name})


async def _open(asked: Invocation) -> Reward:
    """The reward that is meant, the community locked. Raises Refused for one that is given no more."""
    await asked.context.uow.communities.lock(asked.context.community)
    reward = await asked.reward("reward")
    if reward.closed_at is not None:
        raise Refused(asked.say("granting.closed", {"name": reward.name}))
    return reward


async def _budget(asked: Invocation) -> Answer:
    reward = await _open(asked)
    budget = budget_of(asked, reward.budget)
    if not await asked.context.uow.rewards.budget(asked.context.community, reward.id, budget):
        raise Refused(asked.say("refused.budget_given", {"name": reward.name, "given": reward.given}))
    return await _list(asked)


async def _codes(asked: Invocation) -> Answer:
    reward = await asked.reward("reward")
    if reward.kind is not RewardKind.CODE or reward.closed_at is not None:
        raise Refused(asked.say("refused.no_codes_wanted"))
    return Answer(offer(reward, asked.context.texts))


async def _give(asked: Invocation) -> Answer:
    """Whoever does not want anything to be kept of them gets nothing unasked, and nobody gives to themselves."""
    context = asked.context
    await context.uow.communities.lock(context.community)
    reward, (member, account) = await asked.reward("reward"), await asked.somebody("member")
    if member.id == asked.member.id or not member.role.is_customer:
        raise Refused(asked.say("refused.reward_staff"))
    if not await may_keep(context.uow, context.community, member):
        raise Refused(asked.say("refused.reward_stopped"))
    grant, outgoing = await give(context, reward, member, asked.member)
    places = {"name": reward.name, "who": named(member, context.texts), "grant": number_of(reward, grant)}
    return Answer(plain(asked.say("reward.given", places)), (*outgoing, tell(context, reward, member, account)))


async def _owed(asked: Invocation) -> Answer:
    """A code is opened by its winner; all else that is not done yet is for staff to do."""
    uow, community = asked.context.uow, asked.context.community
    rewards = {one.id: one for one in await uow.rewards.all(community)}
    given = await uow.grants.in_state(community, [GrantState.GIVEN])
    owed = [grant for grant in given if rewards[grant.reward].kind is not RewardKind.CODE]
    if not owed:
        return asked.answer("reward.nothing_owed")
    facts = [await _debt(asked, rewards[grant.reward], grant) for grant in owed[:MOST_OWED]]
    said = asked.say("reward.owed", {"count": len(owed)})
    return Answer(Post((Paragraph(said), Facts(tuple(facts)), Paragraph(asked.say("reward.how_fulfilled")))))


async def _fulfil(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    reward, grant = await asked.grant("grant")
    if reward.kind is RewardKind.CODE:
        raise Refused(asked.say("refused.code_opens_itself"))
    if not await asked.context.uow.grants.end(grant, GrantState.FULFILLED, asked.context.now):
        raise Refused(_not_so(asked, reward, grant))
    return asked.answer("reward.fulfilled", {"name": reward.name, "grant": number_of(reward, grant)})


async def _revoke(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    reward, grant = await asked.grant("grant")
    outgoing = await end(asked.context, reward, grant, GrantState.REVOKED)
    if outgoing is None:
        raise Refused(_not_so(asked, reward, grant))
    now = await asked.context.uow.rewards.get(asked.context.community, reward.id)
    key = "reward.revoked" if now is not None and now.given < reward.given else "reward.revoked_spent"
    return Answer(plain(asked.say(key, {"name": reward.name, "grant": number_of(reward, grant)})), tuple(outgoing))


async def _export(asked: Invocation) -> Answer:
    return Answer(LedgerOf(asked.member.id))


async def _debt(asked: Invocation, reward: Reward, grant: Grant) -> Fact:
    """With the account, so that staff find who it is on the platform."""
    uow, community = asked.context.uow, asked.context.community
    member = await uow.members.get(community, grant.member)
    accounts = [account.id for account in await uow.members.accounts(community, grant.member)]
    places = {
        "name": reward.name,
        "who": named(member, asked.context.texts),
        "accounts": ", ".join(accounts),
        "day": grant.at.date().isoformat(),
    }
    return Fact(number_of(reward, grant), asked.say("reward.debt", places))


def _not_so(asked: Invocation, reward: Reward, grant: Grant) -> str:
    state = asked.say(f"grant_state.{grant.state}")
    return asked.say("refused.grant_ended", {"grant": number_of(reward, grant), "state": state})
