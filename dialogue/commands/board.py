"""``/board``: who contributed this season, of those who want to be named."""

from datetime import date

from dialogue.actions import Page, RecognitionOf
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.members import Recording, Role
from knowledge_base.seasons import LONGEST, NAME_LIMIT, Season, overlapping

_NAME = Option("name", OptionType.TEXT, "help.option.season_name", limit=NAME_LIMIT)

COMMAND = Command(
    "board",
    "help.board.noun",
    (
        Verb("show", "help.board.show", Role.CUSTOMER),
        Verb("join", "help.board.join", Role.CUSTOMER),
        Verb("leave", "help.board.leave", Role.CUSTOMER),
        Verb("unusual", "help.board.unusual", Role.STAFF),
        Verb("seasons", "help.board.seasons", Role.STAFF),
        Verb(
            "season",
            "help.board.season",
            Role.ADMIN,
            (
                _NAME,
                Option("first", OptionType.TEXT, "help.option.season_first"),
                Option("last", OptionType.TEXT, "help.option.season_last"),
            ),
        ),
        Verb("remove", "help.board.remove", Role.ADMIN, (_NAME,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(
        COMMAND,
        {
            "show": _show,
            "join": _join,
            "leave": _leave,
            "unusual": _unusual,
            "seasons": _seasons,
            "season": _season,
            "remove": _remove,
        },
    )


async def _show(asked: Invocation) -> Answer:
    return Answer(RecognitionOf(Page.BOARD, asked.member.id, asked.context.now))


async def _join(asked: Invocation) -> Answer:
    if asked.member.consent.recording is Recording.STOPPED:
        raise Refused(asked.say("refused.board_stopped"))
    if not asked.member.shown_as:
        raise Refused(asked.say("refused.board_unnamed"))
    await asked.context.uow.boards.join(asked.context.community, asked.member.id, asked.context.now)
    return asked.answer("board.joined", {"name": asked.member.shown_as})


async def _leave(asked: Invocation) -> Answer:
    if not await asked.context.uow.boards.leave(asked.context.community, asked.member.id):
        return asked.answer("board.was_not_on")
    return asked.answer("board.left")


async def _unusual(asked: Invocation) -> Answer:
    return Answer(RecognitionOf(Page.UNUSUAL, asked.member.id, asked.context.now))


async def _seasons(asked: Invocation) -> Answer:
    seasons = await asked.context.uow.boards.seasons(asked.context.community)
    if not seasons:
        return asked.answer("board.no_seasons")
    facts = tuple(Fact(season.name, _days(asked, season)) for season in seasons)
    return Answer(Post((Paragraph(asked.say("board.all_seasons")), Facts(facts))))


async def _season(asked: Invocation) -> Answer:
    """One of the same name, however it is spelt, is that season with other days."""
    name, first, last = asked.needed("name"), _day(asked, "first"), _day(asked, "last")
    if first > last:
        raise Refused(asked.say("refused.season_backwards"))
    if last - first > LONGEST:
        raise Refused(asked.say("refused.season_long"))
    uow, community = asked.context.uow, asked.context.community
    await uow.communities.lock(community)
    known = await uow.boards.seasons(community)
    name = next((season.name for season in known if season.name.casefold() == name.casefold()), name)
    season = Season(community, name, first, last)
    other = overlapping(season, known)
    if other is not None:
        raise Refused(asked.say("refused.season_overlaps", {"name": other.name, "days": _days(asked, other)}))
    await uow.boards.put_season(season)
    return asked.answer("board.season_is", {"name": name, "days": _days(asked, season)})


async def _remove(asked: Invocation) -> Answer:
    name = asked.needed("name")
    if not await asked.context.uow.boards.remove_season(asked.context.community, name):
        raise Refused(asked.say("refused.no_season", {"name": name}))
    return asked.answer("board.season_removed", {"name": name})


def _day(asked: Invocation, option: str) -> date:
    typed = asked.needed(option)
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(asked.say("refused.season_day", {"typed": typed})) from None


def _days(asked: Invocation, season: Season) -> str:
    return asked.say("board.days", {"first": season.first.isoformat(), "last": season.last.isoformat()})
