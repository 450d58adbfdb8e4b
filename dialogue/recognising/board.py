"""The board of a season: who contributed in which way, of those who want to be named there. It is no race.

One's own part stands first. The others stand by their names, without numbers, under each way of contributing.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from dialogue.actions import RecognitionOf
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, Post, plain
from dialogue.texts.catalogue import Texts
from knowledge_base.contributions import PARTS, Part, Share
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.members import Recording
from knowledge_base.seasons import Season, season_at

NAMED: Final = 10
"""The most people named for one way of contributing."""


async def compose_board(uow: UnitOfWork, community: CommunityId, of: RecognitionOf, texts: Texts) -> Post:
    """The board of the season in which it is asked for; a sentence between seasons."""
    season = season_at(of.at, await uow.boards.seasons(community))
    if season is None:
        return plain(texts.say("board.no_season"))
    shares = await uow.contributions.shares(community, season.since, season.until)
    joined = await uow.boards.joined(community)
    places = {"season": season.name, "last": season.last.isoformat()}
    blocks: list[Block] = [
        Heading(texts.say("board.title", places)),
        Facts((Fact(texts.say("board.you"), _own(shares, of.reader, texts)),)),
    ]
    facts = await _named(uow, season, shares, joined, texts)
    blocks.extend([Paragraph(texts.say("board.who")), Facts(tuple(facts))] if facts else [])
    if not facts:
        blocks.append(Paragraph(texts.say("board.nobody")))
    key = "board.you_are_on" if of.reader in joined else "board.you_are_not_on"
    return Post((*blocks, Paragraph(texts.say(key))))


def _own(shares: Sequence[Share], reader: MemberId, texts: Texts) -> str:
    own = [share for share in shares if share.member == reader]
    ways = Counter[Part]()
    for share in own:
        ways[PARTS[share.kind]] += share.times
    told = ", ".join(f"{texts.say(f'played.{way}')} {ways[way]}" for way in Part if ways[way])
    points = sum(share.points for share in own)
    return texts.say("board.own", {"points": points, "ways": told}) if told else texts.say("board.own_nothing")


async def _named(
    uow: UnitOfWork, season: Season, shares: Sequence[Share], joined: Collection[MemberId], texts: Texts
) -> Sequence[Fact]:
    names = await _names(uow, season.community, {share.member for share in shares if share.member in joined})
    first_at = await uow.contributions.first_at(season.community, names)
    first = [member for member in names if season.since <= first_at[member] < season.until]
    facts = [_fact("board.first", first, names, texts)] if first else []
    for way in Part:
        most = _most(shares, way, names)
        facts += [_fact(f"board.{way}", most, names, texts)] if most else []
    return facts


def _most(shares: Sequence[Share], way: Part, names: Collection[MemberId]) -> Sequence[MemberId]:
    """Those to whom most came of it."""
    points = Counter[MemberId]()
    for share in shares:
        if share.member in names and PARTS[share.kind] is way:
            points[share.member] += share.points
    return sorted(points, key=lambda member: (-points[member], member))


def _fact(key: str, members: Sequence[MemberId], names: dict[MemberId, str], texts: Texts) -> Fact:
    """By name, so that nobody is before another."""
    shown = sorted((names[member] for member in members[:NAMED]), key=str.casefold)
    return Fact(texts.say(key), ", ".join(shown))


async def _names(uow: UnitOfWork, community: CommunityId, members: Collection[MemberId]) -> dict[MemberId, str]:
    """As they want to be named; without those who do not, or who allow nothing to be kept of them."""
    found = [await uow.members.get(community, member) for member in sorted(members)]
    allowed = [one for one in found if one is not None and one.consent.recording is not Recording.STOPPED]
    return {one.id: one.shown_as for one in allowed if one.shown_as}
