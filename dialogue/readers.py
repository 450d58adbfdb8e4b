"""Readers: who looked at what somebody said, or acted on it, as the audit log has it."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from dialogue.cards import name
from dialogue.commands.lookups import names_of_message
from dialogue.events import Place
from dialogue.posts import Fact
from dialogue.router import Context
from knowledge_base.audit import AuditEntry
from knowledge_base.channels import Audience
from knowledge_base.ids import MemberId, MessageId
from knowledge_base.insights import Insight

LATEST: Final = 10
"""The acts that are told of one by one."""

MOST: Final = 100
"""The insights that are looked through, those of the latest words."""

_MESSAGE: Final = re.compile(r"(?:^| )message=(\S+)")


async def who_looked(
    context: Context, member: MemberId, voiced: Sequence[Insight], said: Collection[MessageId]
) -> Sequence[Fact]:
    """Each act of another on these insights or messages of a member, newest first; then how many there are more."""
    voiced = voiced[:MOST]
    entries = await context.uow.audit.on(context.community, [one.id for one in voiced], [one.number for one in voiced])
    named = {word: one for one in voiced for word in (one.id, f"insight={one.number}", f"insight=#{one.number}")}
    mine = [
        (entry, insight)
        for entry in entries
        if entry.by != member
        and ((insight := named.get(entry.about.partition(" ")[0])) is not None or _is_of(entry, said))
    ]
    facts = [await _fact(context, entry, insight) for entry, insight in mine[:LATEST]]
    if mine[LATEST:]:
        facts.append(Fact("…", context.texts.say("whereabouts.more", {"count": len(mine) - LATEST})))
    return facts


def _is_of(entry: AuditEntry, said: Collection[MessageId]) -> bool:
    """Whether it names one of these messages, as commands do: by link, or by an id in the channel it was given in."""
    named = _MESSAGE.search(entry.about)
    if named is None:
        return False
    place = Place(entry.space, entry.channel, "", Audience.INTERNAL)
    return any(one in said for one in names_of_message(place, named[1]))


async def _fact(context: Context, entry: AuditEntry, insight: Insight | None) -> Fact:
    by = await context.uow.members.get(context.community, entry.by)
    places: Mapping[str, str | int] = {
        "name": (by.shown_as if by else "") or context.texts.say("fence.unnamed"),
        "role": context.texts.say(f"role.{entry.role}"),
        "deed": entry.deed,
        "what": name(insight, context.texts) if insight else context.texts.say("whereabouts.message"),
    }
    when = entry.at.isoformat(" ", "minutes")[:16]
    return Fact(f"{when} UTC", context.texts.say("whereabouts.looked", places))
