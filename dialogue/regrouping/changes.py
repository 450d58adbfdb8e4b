"""What a merge, a split, a refusal or an undo leaves to be shown, and the words for it."""

from dataclasses import dataclass

from dialogue.actions import Outgoing
from dialogue.cards import name
from dialogue.errors import Refused
from dialogue.router import Context
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CorrectionId
from knowledge_base.insights import Insight, Status
from knowledge_base.members import Member


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, in a sentence, and what shows it everywhere."""

    said: str
    shown: tuple[Outgoing, ...]


def correction_by(
    member: Member, sort: CorrectionSort, insight: Insight, other: Insight, cosine: float | None, context: Context
) -> Correction:
    """What staff just corrected about two insights."""
    return Correction(
        community=context.community,
        id=CorrectionId(context.ids.fresh()),
        sort=sort,
        by=member.id,
        at=context.now,
        insight=insight.id,
        other=other.id,
        cosine=cosine,
        was_kind=insight.kind,
        is_kind=other.kind,
        model=None if cosine is None else context.embedders.name,
    )


async def refuse_if_merged(context: Context, insight: Insight, key: str) -> None:
    """Raises :class:`Refused` with the sentence under ``key`` for an insight that is merged into another."""
    if insight.status is Status.MERGED:
        into = await context.uow.insights.get(context.community, insight.merged_into) if insight.merged_into else None
        places: dict[str, str | int] = {
            "name": name(insight, context.texts),
            "number": insight.number,
            "into": name(into, context.texts) if into else "",
        }
        raise Refused(context.texts.say(key, places))


def refused(context: Context, key: str, insight: Insight) -> Refused:
    """The refusal under a key, which names an insight."""
    return Refused(context.texts.say(key, {"name": name(insight, context.texts)}))
