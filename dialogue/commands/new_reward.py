"""The options by which a reward is described, and what is made of them."""

from datetime import date
from typing import Final

from dialogue.commands.declarations import Option, OptionType
from dialogue.commands.given_roles import role_to_give
from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused
from dialogue.taken_roles import of_levels, of_partners, of_rewards
from knowledge_base.ids import RewardId
from knowledge_base.levels import MOST_POINTS
from knowledge_base.rewards import (
    MOST_BUDGET,
    MOST_REWARDS,
    NAME_LIMIT,
    Budget,
    Condition,
    Reward,
    RewardKind,
)

_KINDS = tuple(kind.value for kind in RewardKind)
_WORTH_LIMIT: Final = 40
_WITHOUT: Final = "none"

OPTIONS: Final = (
    Option("name", OptionType.TEXT, "help.option.reward_name", limit=NAME_LIMIT),
    Option("kind", OptionType.CHOICE, "help.option.reward_kind", choices=_KINDS),
    Option("pieces", OptionType.TEXT, "help.option.pieces"),
    Option("monthly", OptionType.TEXT, "help.option.monthly", required=False),
    Option("level", OptionType.TEXT, "help.option.reward_level", required=False),
    Option("points", OptionType.TEXT, "help.option.reward_points", required=False),
    Option("season", OptionType.TEXT, "help.option.reward_season", required=False),
    Option("role", OptionType.TEXT, "help.option.reward_role", required=False),
    Option("until", OptionType.TEXT, "help.option.reward_until", required=False),
    Option("about", OptionType.TEXT, "help.option.reward_about", required=False),
    Option("worth", OptionType.TEXT, "help.option.reward_worth", required=False, limit=_WORTH_LIMIT),
)


async def new_reward(asked: Invocation) -> Reward:
    """The reward as it was described. The community is locked. Raises Refused for what can't be."""
    known = await asked.context.uow.rewards.all(asked.context.community)
    open_ones = [reward for reward in known if reward.closed_at is None]
    name = asked.needed("name")
    if any(reward.name.casefold() == name.casefold() for reward in open_ones):
        raise Refused(asked.say("refused.reward_known", {"name": name}))
    if len(open_ones) >= MOST_REWARDS:
        raise Refused(asked.say("refused.rewards_full", {"most": MOST_REWARDS}))
    kind = RewardKind(asked.needed("kind"))
    if kind is RewardKind.EVENT and not asked.given("about"):
        raise Refused(asked.say("refused.reward_about"))
    group = await _role(asked, kind)
    return Reward(
        id=RewardId(asked.context.ids.fresh()),
        community=asked.context.community,
        number=max((reward.number for reward in known), default=0) + 1,
        name=name,
        kind=kind,
        budget=budget_of(asked, None),
        condition=await _condition(asked),
        about=asked.given("about") or "",
        worth=asked.given("worth") or "",
        space=asked.event.place.space if group else None,
        group=group,
        until=_until(asked),
    )


def budget_of(asked: Invocation, before: Budget | None) -> Budget:
    """The budget as it was said, what was left out as it was before. Raises Refused for what is no number."""
    pieces = _number(asked, "pieces", MOST_BUDGET) if asked.given("pieces") or before is None else before.pieces
    monthly = before.monthly if before else None
    if asked.given("monthly") is not None:
        unlimited = asked.needed("monthly").casefold() == _WITHOUT
        monthly = None if unlimited else _number(asked, "monthly", MOST_BUDGET)
    return Budget(pieces, monthly)


async def _condition(asked: Invocation) -> Condition:
    uow, community = asked.context.uow, asked.context.community
    points = _number(asked, "points", MOST_POINTS) if asked.given("points") else 0
    levels = [level.name for level in await uow.levels.all(community)]
    seasons = [season.name for season in await uow.boards.seasons(community)]
    level = _one_of(asked, "level", levels, "refused.no_level")
    return Condition(level, points, _one_of(asked, "season", seasons, "refused.no_season"))


def _one_of(asked: Invocation, option: str, names: list[str], otherwise: str) -> str:
    typed = asked.given(option)
    if typed is None:
        return ""
    found = next((name for name in names if name.casefold() == typed.casefold()), None)
    if found is None:
        raise Refused(asked.say(otherwise, {"name": typed}))
    return found


async def _role(asked: Invocation, kind: RewardKind) -> str:
    """The role that is given, empty for what is none. Raises Refused where it was left out, or can't be given."""
    if kind is not RewardKind.ROLE:
        if asked.given("role") is not None:
            raise Refused(asked.say("refused.reward_no_role"))
        return ""
    if asked.given("role") is None:
        raise Refused(asked.say("refused.reward_which_role"))
    taken = [*await of_levels(asked.context), *await of_rewards(asked.context), *await of_partners(asked.context)]
    return await role_to_give(asked, taken)


def _until(asked: Invocation) -> date | None:
    typed = asked.given("until")
    if typed is None:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Refused(asked.say("refused.season_day", {"typed": typed})) from None
    if day < asked.context.now.date():
        raise Refused(asked.say("refused.reward_past", {"day": day.isoformat()}))
    return day


def _number(asked: Invocation, option: str, most: int) -> int:
    typed = asked.needed(option)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(most)) else 0
    if not 0 < number <= most:
        raise Refused(asked.say("refused.no_number", {"option": option, "most": most}))
    return number
