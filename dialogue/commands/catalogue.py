"""Every command there is, in the order in which help tells of them."""

from typing import Final

from dialogue.advice.planning import Advice
from dialogue.commands import (
    answer,
    audit,
    board,
    channel,
    community,
    credits,  # noqa: A004 - named after its noun
    digest,
    health,
    help,  # noqa: A004 - named after its noun
    insight,
    learning,
    level,
    link,
    loop,
    me,
    mute,
    privacy,
    route,
    setup,
    signs,
    tag,
    team,
    terms,
    tier,
    topic,
    why,
)
from dialogue.commands.declarations import Command
from dialogue.commands.invocation import Noun
from dialogue.kinds_by_hand import KindGiver
from dialogue.tagging import Tagger

COMMANDS: Final[tuple[Command, ...]] = (
    help.COMMAND,
    setup.COMMAND,
    privacy.COMMAND,
    terms.COMMAND,
    link.COMMAND,
    mute.COMMAND,
    me.COMMAND,
    board.COMMAND,
    level.COMMAND,
    tag.COMMAND,
    insight.COMMAND,
    loop.COMMAND,
    credits.COMMAND,
    answer.COMMAND,
    why.COMMAND,
    team.COMMAND,
    route.COMMAND,
    tier.COMMAND,
    digest.COMMAND,
    health.COMMAND,
    signs.COMMAND,
    topic.COMMAND,
    channel.COMMAND,
    community.COMMAND,
    learning.COMMAND,
    audit.COMMAND,
)


def nouns(tagger: Tagger, giver: KindGiver, zone: str, advice: Advice | None) -> tuple[Noun, ...]:
    """Every command with its handlers. ``zone``: the IANA zone of digests. ``advice``: the model that is asked."""
    return (
        help.noun(COMMANDS),
        setup.noun(),
        privacy.noun(advice),
        terms.noun(),
        link.noun(),
        mute.noun(),
        me.noun(),
        board.noun(),
        level.noun(),
        tag.noun(tagger),
        insight.noun(giver),
        loop.noun(),
        credits.noun(),
        answer.noun(),
        why.noun(),
        team.noun(zone),
        route.noun(),
        tier.noun(),
        digest.noun(),
        health.noun(),
        signs.noun(),
        topic.noun(),
        channel.noun(),
        community.noun(),
        learning.noun(),
        audit.noun(),
    )
