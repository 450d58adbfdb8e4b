"""What communities chose of their welcome, and who got it."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update

from adapters.storage.tables import communities, messages, welcomes
from adapters.storage.transaction import Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.ids import CommunityId, MemberId, MessageId
from knowledge_base.ports import Welcomes
from knowledge_base.welcomes import Welcome

_THIS: Final = communities.c.community_id == bindparam("community")
_CHOSEN: Final = select(communities.c.welcoming, communities.c.welcome_words).where(_THIS)
_CHOOSE: Final = (
    update(communities).where(_THIS).values(welcoming=bindparam("chosen"), welcome_words=bindparam("words"))
)
_OTHERS: Final = (
    select(messages.c.message)
    .where(
        messages.c.community_id == bindparam("community"),
        messages.c.author == bindparam("of_member"),
        messages.c.message != bindparam("of_message"),
    )
    .limit(1)
)
_KEY: Final = ("community_id", "member")


class SqlWelcomes(Welcomes):
    """See :class:`knowledge_base.ports.Welcomes`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def chosen(self, community: CommunityId) -> Welcome:
        """What the community chose."""
        rows = await self._transaction.rows_once(_CHOSEN, {"community": community})
        return Welcome(rows[0].welcoming, rows[0].welcome_words) if rows else Welcome()

    async def choose(self, community: CommunityId, welcome: Welcome) -> None:
        """It holds from now on."""
        chosen = {"community": community, "chosen": welcome.welcoming, "words": welcome.words}
        await self._transaction.run(_CHOOSE, chosen)

    async def is_first(self, community: CommunityId, member: MemberId, message: MessageId) -> bool:
        """Whether nothing else that a member said was ever stored."""
        asked = {"community": community, "of_member": member, "of_message": message}
        return not await self._transaction.rows(_OTHERS, asked)

    async def once(self, community: CommunityId, member: MemberId, now: datetime) -> bool:
        """Note that a member is welcomed now; False if they were before."""
        statement = insert_if_new(welcomes, _KEY, self._transaction.dialect)
        return await self._transaction.run(statement, {"community_id": community, "member": member, "at": now}) > 0
