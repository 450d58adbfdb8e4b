"""The code that somebody won, for them alone; and the ledger as a file, for the accounts."""

import csv
from io import StringIO
from typing import Final

from dialogue.actions import PrizeOf
from dialogue.audit_file import harmless
from dialogue.fence import Private
from dialogue.ports import UnitOfWork
from dialogue.posts import Document, Paragraph, Post, Secret
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.rewards import Grant, GrantState, Reward

COLUMNS: Final = (
    "grant",
    "at",
    "reward",
    "kind",
    "worth",
    "member",
    "name",
    "by",
    "state",
    "settled_at",
    "budget_month",
)
"""Moments in UTC, ISO 8601; ``member`` and ``by`` are ids, ``by`` empty where claimed; ``name`` as they chose."""


async def compose_prize(uow: UnitOfWork, of: PrizeOf, reader: Private, texts: Texts) -> Post | None:
    """The code, for whose it is; None where it is not theirs any more, was shown before, or can't be read."""
    grant = await uow.grants.get(reader.community, of.reward, of.number)
    reward = await uow.rewards.get(reader.community, of.reward)
    if grant is None or reward is None or grant.state is not GrantState.GIVEN or grant.member != reader.member:
        return None
    code = await uow.grants.code(grant)
    if code is None:
        return None
    about = (Paragraph(reward.about),) if reward.about else ()
    said = Paragraph(texts.say("rewards.code", {"name": reward.name}))
    return Post((said, Secret(code, grant.member), *about, Paragraph(texts.say("rewards.only_once"))))


async def compose_ledger(uow: UnitOfWork, community: CommunityId, owner: MemberId, texts: Texts) -> Post:
    """A sentence, and every line as CSV, the oldest first. Reads only."""
    rewards = {one.id: one for one in await uow.rewards.all(community)}
    grants = await uow.grants.in_state(community, list(GrantState))
    names: dict[MemberId, str] = {}
    content = StringIO()
    rows = csv.writer(content, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for grant in grants:
        if grant.member not in names:
            member = await uow.members.get(community, grant.member)
            names[grant.member] = member.shown_as if member else ""
        rows.writerow(map(harmless, _row(grant, rewards[grant.reward], names[grant.member])))
    said = texts.say("reward.exported", {"count": len(grants)})
    file = content.getvalue().encode("utf-8", "replace")
    return Post((Paragraph(said), Document("rewards.csv", "text/csv", file, owner, texts.say("reward.not_taken"))))


def _row(grant: Grant, reward: Reward, name: str) -> tuple[str, ...]:
    settled = grant.settled_at.isoformat(timespec="seconds") if grant.settled_at else ""
    return (
        f"{reward.number}.{grant.number}",
        grant.at.isoformat(timespec="seconds"),
        reward.name,
        reward.kind,
        reward.worth,
        grant.member,
        name,
        grant.by or "",
        grant.state,
        settled,
        f"{grant.at:%Y-%m}",
    )
