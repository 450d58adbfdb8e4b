"""Every command there is, in the order in which help tells of them."""

from typing import Final

from dialogue.advice.planning import Advice
from dialogue.commands import (
    answer,
    channel,
    community,
    help,  # noqa: A004 - named after its noun
    insight,
    link,
    privacy,
    route,
    setup,
    tag,
    team,
    topic,
)
from dialogue.commands.declarations import Command
from dialogue.commands.invocation import Noun
from dialogue.tagging import Tagger

COMMANDS: Final[tuple[Command, ...]] = (
    help.COMMAND,
    setup.COMMAND,
    privacy.COMMAND,
    link.COMMAND,
    tag.COMMAND,
    insight.COMMAND,
    answer.COMMAND,
    team.COMMAND,
    route.COMMAND,
    topic.COMMAND,
    channel.COMMAND,
    community.COMMAND,
)


def nouns(tagger: Tagger, zone: str, advice: Advice | None) -> tuple[Noun, ...]:
    """Every command with its handlers. ``zone``: the IANA zone of digests. ``advice``: the model that is asked."""
    return (
        help.noun(COMMANDS),
        setup.noun(),
        privacy.noun(advice),
        link.noun(),
        tag.noun(tagger),
        insight.noun(),
        answer.noun(),
        team.noun(zone),
        route.noun(),
        topic.noun(),
        channel.noun(),
        community.noun(),
    )
