"""Every command there is, in the order in which help tells of them."""

from typing import Final

from dialogue.commands import channel, community, help, insight, link, privacy, route, setup, tag, team, topic  # noqa: A004 - named after its noun
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
    team.COMMAND,
    route.COMMAND,
    topic.COMMAND,
    channel.COMMAND,
    community.COMMAND,
)


def nouns(tagger: Tagger, zone: str) -> tuple[Noun, ...]:
    """Every command with its handlers. ``zone``: the IANA zone in which digests fall due."""
    return (
        help.noun(COMMANDS),
        setup.noun(),
        privacy.noun(),
        link.noun(),
        tag.noun(tagger),
        insight.noun(),
        team.noun(zone),
        route.noun(),
        topic.noun(),
        channel.noun(),
        community.noun(),
    )
