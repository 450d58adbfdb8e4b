"""``/setup``: an admin's first steps as menus in one private post; each choice holds at once and is answered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.actions import Outgoing
from dialogue.audiences import show_anew
from dialogue.custom_ids import custom_id
from dialogue.errors import Refused
from dialogue.events import OptionsSelected
from dialogue.handling import only
from dialogue.people import member_behind, refuse_unless
from dialogue.posts import Block, Choices, Heading, Menu, Paragraph, Post, plain
from dialogue.replies import reply
from dialogue.reporting import may_tell_admins, tell_what_is_missing
from dialogue.router import Context, Handler, Router
from dialogue.routing import may_show_cards
from dialogue.taken_roles import goes_with, of_levels, of_partners, of_rewards
from dialogue.teams import new_team, send_everything_to, settle_team
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.members import Group, Member, Role
from knowledge_base.teams import Team

MOST: Final = 25
"""The most things that can be chosen from one menu on every platform."""

TEAM, HELPING, STAFF, ADMINS, REPORTS = "setup_team", "setup_helping", "setup_staff", "setup_admins", "setup_reports"
MENUS: Final = frozenset(f"menu:{verb}" for verb in (TEAM, HELPING, STAFF, ADMINS, REPORTS))

_ROLES: Final[Mapping[str, Role]] = {STAFF: Role.STAFF, ADMINS: Role.ADMIN}


@dataclass(frozen=True, slots=True)
class Done:
    """What the admin is told, and what else is to be done."""

    said: str
    shown: tuple[Outgoing, ...] = ()


Choose = Callable[[OptionsSelected, Context], Awaitable[Done]]


def router(zone: str) -> Router:
    """The handlers of the menus. ``zone``: the IANA zone in which digests fall due."""

    async def team(event: OptionsSelected, context: Context) -> Done:
        return await _team(event, context, zone)

    setting_up = Router("setting up")
    for verb, choose in ((TEAM, team), (HELPING, _helping), (STAFF, _groups), (ADMINS, _groups), (REPORTS, _reports)):
        setting_up.on(f"menu:{verb}")(_guarded(choose))
    return setting_up


async def guide(context: Context, space: SpaceId) -> Post:
    """The steps, each with what is chosen now."""
    groups = _words(context, space)["groups"]
    chosen = await context.uow.members.groups(context.community, space)
    blocks: list[Block] = [
        Heading(context.texts.say("setup.heading", _words(context, space))),
        Paragraph(context.texts.say("setup.intro")),
        *await _step_team(context, space),
        *await _step_helping(context, space),
        *(_step_groups(context, space, STAFF, chosen) if groups else ()),
        *(_step_groups(context, space, ADMINS, chosen) if groups else ()),
        *await _step_reports(context, space),
    ]
    return Post(tuple(blocks))


async def _step_team(context: Context, space: SpaceId) -> Sequence[Block]:
    """Where the one team is elsewhere, or there are several, commands say more than a menu could."""
    say, teams = context.texts.say, await context.uow.teams.teams(context.community)
    if len(teams) > 1:
        return [Paragraph(say("setup.teams", {"count": len(teams)}))]
    if teams and teams[0].space != space:
        return [Paragraph(say("setup.team_elsewhere", await _elsewhere(context, teams[0].space, teams[0].channel)))]
    now = [team.channel for team in teams]
    return [Paragraph(say("setup.team")), await _channel_menu(context, space, TEAM, now)]


async def _step_helping(context: Context, space: SpaceId) -> Sequence[Block]:
    shown = tuple(channel.id for channel in await _helping_now(context, space))
    label = context.texts.say("setup.choose_channels")
    return [Paragraph(context.texts.say("setup.helping")), Menu(label, _id(HELPING), Choices.CHANNELS, MOST, shown)]


def _step_groups(context: Context, space: SpaceId, verb: str, chosen: Sequence[Group]) -> Sequence[Block]:
    words, held = _words(context, space), tuple(group.id for group in _shown(chosen, verb))
    label = context.texts.say("setup.choose_groups", words)
    return [
        Paragraph(context.texts.say(f"setup.{_ROLES[verb]}", words)),
        Menu(label, _id(verb), Choices.GROUPS, MOST, held),
    ]


async def _step_reports(context: Context, space: SpaceId) -> Sequence[Block]:
    say, chosen = context.texts.say, await context.uow.communities.admin_channel(context.community)
    here = [chosen[1]] if chosen and chosen[0] == space else []
    blocks: list[Block] = [Paragraph(say("setup.reports"))]
    if chosen and not here:
        blocks.append(Paragraph(say("setup.reports_elsewhere", await _elsewhere(context, *chosen))))
    return [*blocks, await _channel_menu(context, space, REPORTS, here)]


async def _channel_menu(context: Context, space: SpaceId, verb: str, now: Sequence[ChannelId]) -> Menu:
    """A channel that is gone is chosen no more."""
    there = tuple([one for one in now if await context.uow.channels.get(space, one) is not None])
    return Menu(context.texts.say("setup.choose_channel"), _id(verb), Choices.CHANNELS, 1, there)


def _words(context: Context, space: SpaceId) -> Mapping[str, str]:
    identity = context.identity(space)
    return {"platform": identity.platform if identity else space, "groups": identity.groups if identity else ""}


async def _elsewhere(context: Context, space: SpaceId, channel: ChannelId) -> Mapping[str, str]:
    known = await context.uow.channels.get(space, channel)
    return {"channel": known.name if known else channel, "platform": _words(context, space)["platform"]}


async def _helping_now(context: Context, space: SpaceId) -> Sequence[Channel]:
    """As many as a menu shows; those that it does not show are left as they are."""
    channels = await context.uow.channels.all(context.community)
    return [channel for channel in channels if channel.space == space and channel.mode is Mode.HELPING][:MOST]


def _shown(chosen: Sequence[Group], verb: str) -> Sequence[Group]:
    """Likewise."""
    return [group for group in chosen if group.role is _ROLES[verb]][:MOST]


def _id(verb: str) -> str:
    return custom_id(verb, "", "")


def _guarded(choose: Choose) -> Handler:
    async def run(event: OptionsSelected, context: Context) -> Sequence[Outgoing]:
        member: Member = await member_behind(event.actor, event.place.space, context)
        await context.uow.communities.lock(context.community)
        try:
            refuse_unless(event.actor.role, Role.ADMIN, context.texts)
            done = await choose(event, context)
        except Refused as refusal:
            return [reply(event, member, plain(str(refusal)))]
        return [*done.shown, reply(event, member, plain(done.said))]

    return only(OptionsSelected, run)


async def _team(event: OptionsSelected, context: Context, zone: str) -> Done:
    channel = await _own_channel(event, context)
    teams = await context.uow.teams.teams(context.community)
    if len(teams) > 1 or any(team.space != channel.space for team in teams):
        raise Refused(context.texts.say("refused.say_which_team", {"channel": channel.name}))
    team = next(iter(teams), None)
    shown = [*await _leave(context, team, channel), *await _make_internal(context, channel)]
    if team is None:
        name = context.texts.say("setup.team_name")
        team = new_team(context.ids, context.community, name, channel.space, channel.id)
    await settle_team(context.uow, team, channel.space, channel.id, zone, context.now)
    if not any(team.id in route.teams for route in await context.uow.teams.routes(context.community)):
        await send_everything_to(context.uow, context.ids, team)
    said = context.texts.say("setup.team_chosen", {"team": team.name, "channel": channel.name})
    return Done(said, (*shown, *await tell_what_is_missing(context)))


async def _helping(event: OptionsSelected, context: Context) -> Done:
    channels = [await _channel(context, event.place.space, ChannelId(one.id)) for one in event.selected]
    shared = next((channel for channel in channels if channel.shared is not Shared.NO), None)
    if shared is not None:
        raise Refused(context.texts.say("refused.shared_channel", {"channel": shared.name}))
    for channel in await _helping_now(context, event.place.space):
        if channel not in channels:
            await context.uow.channels.unchoose_mode(channel.space, channel.id)
    for channel in channels:
        await context.uow.channels.choose(channel.space, channel.id, mode=Mode.HELPING)
    if not channels:
        return Done(context.texts.say("setup.helping_nowhere"))
    names = ", ".join(f"#{channel.name}" for channel in channels)
    return Done(context.texts.say("setup.helping_chosen", {"channels": names}))


async def _groups(event: OptionsSelected, context: Context) -> Done:
    """A group has one role. An admin may do all that staff may, so nobody loses that by being chosen as staff.

    Raises Refused for a role that customers are given here: they would be staff by their points.
    """
    verb, space = event.custom_id.split(":", 1)[0], event.place.space
    taken = [*await of_levels(context), *await of_rewards(context), *await of_partners(context)]
    given = next((name for one in event.selected if (name := goes_with(taken, space, one.id))), None)
    if given is not None:
        raise Refused(context.texts.say("refused.role_is_given", {"name": given}))
    role, before = _ROLES[verb], await context.uow.members.groups(context.community, space)
    kept = {group.id: group for group in before if group not in _shown(before, verb)}
    for one in event.selected:
        if one.id not in kept or role.may(kept[one.id].role):
            kept[one.id] = Group(space, one.id, role)
    await context.uow.members.choose_groups(context.community, space, list(kept.values()))
    if not event.selected:
        return Done(context.texts.say(f"setup.{role}_nobody"))
    names = ", ".join(dict.fromkeys(one.name for one in event.selected))
    return Done(context.texts.say(f"setup.{role}_chosen", {"groups": names}))


async def _reports(event: OptionsSelected, context: Context) -> Done:
    channel = await _own_channel(event, context)
    await context.uow.communities.choose_admin_channel(context.community, channel.space, channel.id)
    said = context.texts.say("setup.reports_chosen", {"channel": channel.name})
    return Done(said, tuple(await tell_what_is_missing(context)))


async def _own_channel(event: OptionsSelected, context: Context) -> Channel:
    """The one channel that was chosen. Raises Refused where it is not the firm's own."""
    chosen = next(iter(event.selected), None)
    if chosen is None:
        raise Refused(context.texts.say("refused.nothing_chosen"))
    channel = await _channel(context, event.place.space, ChannelId(chosen.id))
    if channel.shared is not Shared.NO:
        raise Refused(context.texts.say("refused.shared_channel", {"channel": channel.name}))
    if not may_tell_admins(channel):
        raise Refused(context.texts.say("refused.not_own_channel", {"channel": channel.name}))
    return channel


async def _channel(context: Context, space: SpaceId, chosen: ChannelId) -> Channel:
    """A channel of this space that anybody may choose: not one that is excluded, or of one person and the bot alone."""
    channel = await context.uow.channels.get(space, chosen)
    if channel is None or channel.direct:
        raise Refused(context.texts.say("refused.no_channel", {"typed": chosen}))
    if channel.mode is Mode.EXCLUDED:
        raise Refused(context.texts.say("refused.excluded", {"channel": channel.name}))
    return channel


async def _make_internal(context: Context, channel: Channel) -> Sequence[Outgoing]:
    """Whoever puts cards there says with it that only the firm's people read it."""
    if may_show_cards(channel):
        return ()
    await context.uow.channels.choose(channel.space, channel.id, audience=Audience.INTERNAL)
    return await show_anew(context, channel.space, channel.id)


async def _leave(context: Context, team: Team | None, channel: Channel) -> Sequence[Outgoing]:
    """That only the firm's people read the channel before was said by its being the team's, so it holds no more."""
    if team is None or (team.space, team.channel) == (channel.space, channel.id):
        return ()
    await context.uow.channels.unchoose_audience(team.space, team.channel)
    return await show_anew(context, team.space, team.channel)
