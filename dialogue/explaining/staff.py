"""What staff did about a message or an insight, in sentences."""

from collections.abc import Sequence

from dialogue.ports import UnitOfWork
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.insights import Insight
from knowledge_base.taggings import KindGiven, Tagging, kind_given, taggings


async def line_by_hand(uow: UnitOfWork, community: CommunityId, line: str, texts: Texts) -> str:
    """One of a message's lines that staff made, with their present name."""
    given = kind_given([line])
    if given is not None:
        return _kind(given, await name_of(uow, community, given.by, texts), texts)
    tagging: Tagging = taggings([line])[0]
    name = await name_of(uow, community, tagging.by, texts)
    key = f"reason.tagged_by_{tagging.given}" if tagging.tag else "reason.tagged"
    return texts.say(key, {"name": name, "tag": tagging.tag} if tagging.tag else {"name": name})


async def history_lines(uow: UnitOfWork, insight: Insight, texts: Texts) -> Sequence[str]:
    """Every decision about an insight, oldest first."""
    lines = []
    for change in await uow.insights.history(insight.community, insight.id):
        name = await name_of(uow, insight.community, change.by, texts)
        status = texts.say("status.by", {"status": texts.say(f"status.{change.status.name.lower()}"), "name": name})
        if change.reason:
            status = texts.say("status.because", {"status": status, "reason": change.reason})
        lines.append(texts.say("why.on_day", {"day": change.at.date().isoformat(), "what": status}))
    return lines


async def name_of(uow: UnitOfWork, community: CommunityId, member: MemberId, texts: Texts) -> str:
    """What a member is called now."""
    found = await uow.members.get(community, member)
    return (found and found.name) or texts.say("insight.somebody")


def _kind(given: KindGiven, name: str, texts: Texts) -> str:
    places: dict[str, str | int] = {
        "kind": texts.say(f"kind.{given.kind}"),
        "was": texts.say(f"kind.{given.was}"),
        "percent": round(100 * given.confidence),
        "name": name,
    }
    return texts.say("reason.kind_given", places)
