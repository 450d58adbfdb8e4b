"""The channel of a team that is to be sent something now."""

from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused
from dialogue.routing import may_show_cards
from knowledge_base.channels import Channel
from knowledge_base.teams import Team


async def channel_of(asked: Invocation, team: Team) -> Channel:
    """The team's channel. Raises Refused where it is gone, or can't get cards."""
    channel = await asked.context.uow.channels.get(team.space, team.channel)
    if channel is None:
        raise Refused(asked.say("refused.team_channel_gone", {"team": team.name}))
    if not may_show_cards(channel):
        raise Refused(asked.say("refused.team_channel", {"channel": channel.name}))
    return channel
