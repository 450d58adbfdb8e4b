"""Members, their accounts and what they allow."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, insert, select, update

from adapters.storage.columns import storable
from adapters.storage.communities import OF_SPACE
from adapters.storage.tables import accounts, consents, members
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.ids import AccountId, CommunityId, MemberId, SpaceId
from knowledge_base.members import Account, Consent, Member, Recording, Role
from knowledge_base.ports import Members

_THIS = (members.c.community_id == bindparam("community"), members.c.member == bindparam("of_member"))
_GET = select(members).where(*_THIS)
_BEHIND = (
    select(members)
    .join(accounts, (accounts.c.community_id == members.c.community_id) & (accounts.c.member == members.c.member))
    .where(
        accounts.c.community_id == bindparam("community"),
        accounts.c.space == bindparam("of_space"),
        accounts.c.account == bindparam("of_account"),
    )
)
_ACCOUNTS = (
    select(accounts)
    .where(accounts.c.community_id == bindparam("community"), accounts.c.member == bindparam("of_member"))
    .order_by(accounts.c.space, accounts.c.account)
)
_UPDATE = update(members).where(*_THIS)
_CONSENTS = (
    select(consents)
    .where(consents.c.community_id == bindparam("community"), consents.c.member == bindparam("of_member"))
    .order_by(consents.c.number)
)
_LAST_CONSENT = select(func.coalesce(func.max(consents.c.number), 0).label("number")).where(
    consents.c.community_id == bindparam("community"), consents.c.member == bindparam("of_member")
)
_STOPPED = (
    select(accounts.c.account)
    .join(members, (accounts.c.community_id == members.c.community_id) & (accounts.c.member == members.c.member))
    .where(
        accounts.c.community_id == OF_SPACE,
        accounts.c.space == bindparam("of_space"),
        accounts.c.account.in_(bindparam("of_accounts", expanding=True)),
        members.c.recording == Recording.STOPPED,
    )
)


class SqlMembers(Members):
    """See :class:`knowledge_base.ports.Members`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def see(
        self,
        community: CommunityId,
        space: SpaceId,
        account: AccountId,
        name: str,
        role: Role,
        fresh: MemberId,
    ) -> Member:
        """The member behind an account, brought up to date; a new one gets the id ``fresh``."""
        shown = storable(name)
        behind = {"community": community, "of_space": space, "of_account": account}
        row = next(iter(await self._transaction.rows_once(_BEHIND, behind)), None)
        if row is None:
            return await self._add(Member(fresh, community, shown, role), Account(space, account, fresh))
        if row.name != shown or row.role is not role:
            changes = {"community": community, "of_member": row.member, "name": shown, "role": role}
            await self._transaction.run(_UPDATE, changes)
        return Member(row.member, community, shown, role, _consent(row))

    async def get(self, community: CommunityId, member: MemberId) -> Member | None:
        """One member, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_member": member})
        return None if row is None else Member(row.member, row.community_id, row.name, row.role, _consent(row))

    async def accounts(self, community: CommunityId, member: MemberId) -> Sequence[Account]:
        """A member's accounts."""
        rows = await self._transaction.rows(_ACCOUNTS, {"community": community, "of_member": member})
        return [Account(row.space, row.account, row.member) for row in rows]

    async def consent(self, community: CommunityId, member: MemberId, consent: Consent) -> None:
        """Record what a member allows from now on."""
        who = {"community": community, "of_member": member}
        choice = {"recording": consent.recording, "share_private": consent.share_private}
        await self._transaction.run(_UPDATE, {**who, **choice, "consent_changed_at": consent.changed_at})
        (last,) = await self._transaction.rows(_LAST_CONSENT, who)
        await self._transaction.run(
            insert(consents),
            {
                "community_id": community,
                "member": member,
                "number": last.number + 1,
                "changed_at": consent.changed_at,
                **choice,
            },
        )

    async def forget_name(self, community: CommunityId, member: MemberId) -> None:
        """Blank a member's name, until they are seen again."""
        await self._transaction.run(_UPDATE, {"community": community, "of_member": member, "name": ""})

    async def consent_history(self, community: CommunityId, member: MemberId) -> Sequence[Consent]:
        """Every choice, oldest first."""
        rows = await self._transaction.rows(_CONSENTS, {"community": community, "of_member": member})
        return [Consent(row.recording, row.share_private, row.changed_at) for row in rows]

    async def stopped(self, space: SpaceId, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        """Which of these accounts belong to members who stopped recording."""
        if not accounts:
            return frozenset()
        # an account is given back as it was given, whatever the database made of its characters
        given = {storable(account): account for account in accounts}
        rows = await self._transaction.rows(_STOPPED, {"of_space": space, "of_accounts": list(given)})
        return frozenset(given[row.account] for row in rows)

    async def _add(self, member: Member, account: Account) -> Member:
        await self._transaction.run(
            insert(members),
            {
                "community_id": member.community,
                "member": member.id,
                "name": member.name,
                "role": member.role,
                "recording": member.consent.recording,
                "share_private": member.consent.share_private,
                "consent_changed_at": member.consent.changed_at,
            },
        )
        await self._transaction.run(
            insert(accounts),
            {
                "community_id": member.community,
                "space": account.space,
                "account": account.id,
                "member": account.member,
            },
        )
        return member


def _consent(row: StoredRow) -> Consent:
    return Consent(row.recording, row.share_private, row.consent_changed_at)
