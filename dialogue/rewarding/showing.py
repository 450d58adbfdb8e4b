"""Rewards in words: what is left of them, who may have them, and what became of what somebody got."""

from dialogue.texts.catalogue import Texts
from knowledge_base.members import Member
from knowledge_base.rewards import Condition, Grant, Reward, Stock


def label(reward: Reward) -> str:
    """Its number and its name."""
    return f"#{reward.number} {reward.name}"


def number_of(reward: Reward, grant: Grant) -> str:
    """How a line of the ledger is called."""
    return f"{reward.number}.{grant.number}"


def named(member: Member | None, texts: Texts) -> str:
    """A member as they want to be named."""
    return (member.shown_as if member else "") or texts.say("fence.unnamed")


def for_staff(reward: Reward, stock: Stock | None, texts: Texts) -> str:
    """All that staff want to know of a reward."""
    kind = texts.say(f"reward_kind.{reward.kind}")
    parts = [kind, texts.say("reward.given_of", {"given": reward.given, "pieces": reward.budget.pieces})]
    if reward.budget.monthly is not None:
        parts.append(texts.say("reward.monthly", {"monthly": reward.budget.monthly}))
    if stock is None:
        parts.append(texts.say("reward.closed"))
    else:
        parts.extend([texts.say("reward.codes_left", {"count": stock.codes})] if stock.codes is not None else [])
        parts.append(texts.say("reward.left", {"left": stock.left}))
    parts.append(who_may(reward.condition, texts))
    if reward.until:
        parts.append(texts.say("reward.until", {"day": reward.until.isoformat()}))
    return "; ".join(parts)


def who_may(condition: Condition, texts: Texts) -> str:
    """Who may claim it."""
    if condition.is_by_hand:
        return texts.say("reward.by_hand")
    needed = [texts.say("reward.of_level", {"level": condition.level})] if condition.level else []
    needed += [texts.say("reward.of_points", {"points": condition.points})] if condition.points else []
    needed += [texts.say("reward.of_season", {"season": condition.season})] if condition.season else []
    return texts.say("reward.for_whom", {"needed": ", ".join(needed)})
