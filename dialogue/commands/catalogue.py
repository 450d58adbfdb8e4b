"""Every command there is, in the order in which help tells of them."""

from typing import Final

from dialogue.commands import channel, community, help, insight, learning, link, privacy, route, setup, tag, team, why  # noqa: A004 - named after its noun
from dialogue.commands.declarations import Command
from dialogue.commands.invocation import Noun
from dialogue.kinds_by_hand import KindGiver
from dialogue.tagging import Tagger

COMMANDS: Final[tuple[Command, ...]] = (
    help.COMMAND,
    setup.COMMAND,
    privacy.COMMAND,
    link.COMMAND,
    tag.COMMAND,
    insight.COMMAND,
    why.COMMAND,
    team.COMMAND,
    route.COMMAND,
    channel.COMMAND,
    community.COMMAND,
    learning.COMMAND,
)


def nouns(tagger: Tagger, giver: KindGiver, zone: str) -> tuple[Noun, ...]:
    """Every command with its handlers. ``zone``: the IANA zone in which digests fall due."""
    return (
        help.noun(COMMANDS),
        setup.noun(),
        privacy.noun(),
        link.noun(),
        tag.noun(tagger),
        insight.noun(giver),
        why.noun(),
        team.noun(zone),
        route.noun(),
        channel.noun(),
        community.noun(),
        learning.noun(),
    )
