"""``/team``: who acts, and in which channel their cards and digests appear."""

from dialogue.commands import limits, report
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.digests import schedule_name
from dialogue.errors import Refused
from dialogue.health import end_health
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.routing import may_show_cards
from dialogue.routing.holding import schedule_of_held
from dialogue.signs.looking import end_signs
from dialogue.teams import named, new_team, settle_team
from knowledge_base.channels import Channel
from knowledge_base.members import Role

_NAME_LIMIT = 60
_TEAM = Option("team", OptionType.TEAM, "help.option.team")

COMMAND = Command(
    "team",
    "help.team.noun",
    (
        Verb(
            "add",
            "help.team.add",
            Role.ADMIN,
            (
                Option("name", OptionType.TEXT, "help.option.new_team"),
                Option("channel", OptionType.CHANNEL, "help.option.team_channel"),
            ),
        ),
        Verb("list", "help.team.list", Role.STAFF),
        limits.VERB,
        report.VERB,
        Verb("remove", "help.team.remove", Role.ADMIN, (_TEAM,)),
    ),
)


def noun(zone: str) -> Noun:
    """The command with its handlers. ``zone``: the IANA zone in which digests fall due."""

    async def add(asked: Invocation) -> Answer:
        channel, name = await asked.channel("channel"), asked.needed("name")
        if not may_show_cards(channel):
            raise Refused(asked.say("refused.team_channel", {"channel": channel.name}))
        if len(name) > _NAME_LIMIT:
            raise Refused(asked.say("refused.option_long", {"option": "name", "limit": _NAME_LIMIT}))
        uow, community = asked.context.uow, asked.context.community
        team = named(await uow.teams.teams(community), name)
        team = team or new_team(asked.context.ids, community, name, channel.space, channel.id)
        await settle_team(uow, team, channel.space, channel.id, zone, asked.context.now)
        return asked.answer("team.added", {"team": team.name, "channel": channel.name})

    handlers = {
        "add": add,
        "list": _list,
        "limits": limits.limiting(zone),
        report.VERB.name: report.report,
        "remove": _remove,
    }
    return Noun(COMMAND, handlers)


async def _list(asked: Invocation) -> Answer:
    teams = await asked.context.uow.teams.teams(asked.context.community)
    if not teams:
        return asked.answer("team.none")
    channels = {(c.space, c.id): c for c in await asked.context.uow.channels.all(asked.context.community)}
    facts = (Fact(team.name, _where(asked, channels.get((team.space, team.channel)))) for team in teams)
    return Answer(Post((Paragraph(asked.say("team.all")), Facts(tuple(facts)))))


def _where(asked: Invocation, channel: Channel | None) -> str:
    if channel is None:
        return asked.say("team.channel_gone")
    return f"#{channel.name}" if may_show_cards(channel) else asked.say("team.gets_nothing", {"channel": channel.name})


async def _remove(asked: Invocation) -> Answer:
    team = await asked.team("team")
    signs = await asked.context.uow.signs.settings(asked.context.community)
    if signs is not None and signs.team == team.id:
        await end_signs(asked.context.uow, asked.context.community)
    await asked.context.uow.teams.remove_team(asked.context.community, team.id)
    for schedule in (schedule_name(team.id), schedule_of_held(team.id)):
        await asked.context.uow.schedules.remove(asked.context.community, schedule)
    if not await asked.context.uow.teams.teams(asked.context.community):
        await end_health(asked.context.uow, asked.context.community)
    return asked.answer("team.removed", {"team": team.name})
