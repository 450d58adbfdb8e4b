"""What staff did about a message or an insight, in sentences."""

from collections.abc import Sequence

from dialogue.ports import UnitOfWork
from dialogue.posts import Fact
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.insights import Insight, Status, StatusChange
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
    """Everything that staff decided about an insight, oldest first."""
    told = await history_facts(uow, insight, texts)
    return [texts.say("why.on_day", {"day": fact.label, "what": str(fact.value)}) for fact in told]


async def history_facts(uow: UnitOfWork, insight: Insight, texts: Texts) -> Sequence[Fact]:
    """The same as days with what was done on them."""
    history = await uow.insights.history(insight.community, insight.id)
    before: StatusChange | None = None
    sentences: list[str] = []
    lines: list[Fact] = []
    for change in history:
        said = await _what(uow, insight.community, change, before, texts)
        if change.undoes is not None and change.undoes <= len(sentences):
            said = texts.say("history.undone", {"what": sentences[change.undoes - 1]})
        name = await name_of(uow, insight.community, change.by, texts)
        because = change.reason if _decides(change, before) else ""
        sentences.append(said)
        by = texts.say("status.by", {"status": said, "name": name})
        sentence = texts.say("status.because", {"status": by, "reason": because}) if because else by
        lines.append(Fact(change.at.date().isoformat(), sentence))
        before = change
    return lines


def _decides(change: StatusChange, before: StatusChange | None) -> bool:
    """Whether it set a status, and not only something that goes with it."""
    if change.undoes is not None:
        return False
    kept = (before.status, before.reason) if before else (Status.NEW, "")
    return (change.status, change.reason) != kept


async def _what(
    uow: UnitOfWork, community: CommunityId, change: StatusChange, before: StatusChange | None, texts: Texts
) -> str:
    """What a change changed, without who did it."""
    owner, due_on, link = (before.owner, before.due_on, before.link) if before else (None, None, "")
    if not _decides(change, before):
        if change.link != link:
            return texts.say("history.link", {"link": change.link}) if change.link else texts.say("history.no_link")
        if change.due_on != due_on:
            day = change.due_on.isoformat() if change.due_on else ""
            return texts.say("history.due", {"day": day}) if day else texts.say("history.no_due")
        if change.owner != owner and change.owner is not None:
            return texts.say("history.owner", {"name": await name_of(uow, community, change.owner, texts)})
    return texts.say(f"status.{change.status.name.lower()}")


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
