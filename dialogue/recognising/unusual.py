"""What looks like farming, for staff: who gets much that guards hold back, from whom, and why."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from dialogue.actions import RecognitionOf
from dialogue.ports import UnitOfWork
from dialogue.posts import Fact, Facts, Paragraph, Post, plain
from dialogue.texts.catalogue import Texts
from knowledge_base.contributions import Contribution, Guard
from knowledge_base.ids import CommunityId, MemberId

LOOKED_AT: Final = timedelta(days=30)
OFTEN: Final = 3
"""So much has to be held back for one member to be shown."""

_SHOWN: Final = 10
_GIVERS: Final = 3


async def compose_unusual(uow: UnitOfWork, community: CommunityId, of: RecognitionOf, texts: Texts) -> Post:
    """The members of whom most was held back in the last month; a sentence where there is none."""
    held = await uow.contributions.held_back(community, of.at - LOOKED_AT)
    by_member = defaultdict[MemberId, list[Contribution]](list)
    for line in held:
        by_member[line.member].append(line)
    often = [member for member in by_member if len(by_member[member]) >= OFTEN]
    shown = sorted(often, key=lambda member: (-len(by_member[member]), member))[:_SHOWN]
    if not shown:
        return plain(texts.say("board.nothing_unusual"))
    facts = [await _fact(uow, community, by_member[member], texts) for member in shown]
    return Post((Paragraph(texts.say("board.unusual")), Facts(tuple(facts))))


async def _fact(uow: UnitOfWork, community: CommunityId, lines: Sequence[Contribution], texts: Texts) -> Fact:
    guards = Counter(line.guard for line in lines)
    why = ", ".join(f"{texts.say(f'guard.{guard}')} {guards[guard]}" for guard in Guard if guards[guard])
    givers = Counter(line.by for line in lines if line.by is not None)
    most = [giver for giver, _ in sorted(givers.items(), key=lambda item: (-item[1], item[0]))[:_GIVERS]]
    names = ", ".join([await _name(uow, community, giver, texts) for giver in most])
    told = texts.say("board.held_from", {"why": why, "names": names}) if names else why
    return Fact(await _name(uow, community, lines[0].member, texts), told)


async def _name(uow: UnitOfWork, community: CommunityId, member: MemberId, texts: Texts) -> str:
    found = await uow.members.get(community, member)
    return (found and found.name) or texts.say("insight.somebody")
