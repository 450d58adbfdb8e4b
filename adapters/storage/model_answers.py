"""What a model answered, by the digest of the question."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from adapters.storage.tables import model_answers
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_or_replace
from dialogue.advice.storing import ModelAnswers
from dialogue.advice.values import Verdict
from knowledge_base.ids import CommunityId

_KNOWN = select(model_answers).where(
    model_answers.c.community_id == bindparam("community"),
    model_answers.c.digest.in_(bindparam("digests", expanding=True)),
    model_answers.c.expires_at > bindparam("now"),
)
_FORGET = delete(model_answers).where(model_answers.c.expires_at <= bindparam("now"))


class SqlModelAnswers(ModelAnswers):
    """See :class:`dialogue.advice.storing.ModelAnswers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, community: CommunityId, verdicts: Mapping[str, Verdict], until: datetime) -> None:
        """Keep these until then, in place of earlier ones."""
        for digest, verdict in verdicts.items():
            await self._transaction.run(
                insert_or_replace(model_answers, self._transaction.dialect),
                {
                    "community_id": community,
                    "digest": digest,
                    "choice": verdict.choice,
                    "confidence": verdict.confidence,
                    "expires_at": until,
                },
            )

    async def get(self, community: CommunityId, digests: Collection[str], now: datetime) -> Mapping[str, Verdict]:
        """Those that are known and still hold."""
        asked = {"community": community, "digests": sorted(digests), "now": now}
        return {row.digest: Verdict(row.choice, row.confidence) for row in await self._transaction.rows(_KNOWN, asked)}

    async def forget(self, now: datetime) -> None:
        """Remove those that hold no longer."""
        await self._transaction.run(_FORGET, {"now": now})
