"""Members, their accounts and what they allow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from adapters.storage.columns import storable
from adapters.storage.communities import OF_SPACE
from adapters.storage.joining import LAST_CONSENT, become_one
from adapters.storage.tables import (
    accounts,
    communities,
    consent_requests,
    consents,
    members,
)
from adapters.storage.tables import groups as groups_chosen
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.ids import AccountId, CommunityId, MemberId, SpaceId
from knowledge_base.members import Account, Consent, Group, Member, Policy, Recording, Role, Way, strictest
from knowledge_base.ports import Members

_THIS = (members.c.community_id == bindparam("community"), members.c.member == bindparam("of_member"))
_GET = select(members).where(*_THIS)
_BEHIND = (
    select(members, accounts.c.account)
    .join(accounts, (accounts.c.community_id == members.c.community_id) & (accounts.c.member == members.c.member))
    .where(
        accounts.c.community_id == bindparam("community"),
        accounts.c.space == bindparam("of_space"),
        accounts.c.account.in_(bindparam("of_accounts", expanding=True)),
    )
)
_ACCOUNTS = (
    select(accounts)
    .where(accounts.c.community_id == bindparam("community"), accounts.c.member == bindparam("of_member"))
    .order_by(accounts.c.space, accounts.c.account)
)
_SPEAKING_AS = select(accounts.c.member, accounts.c.account).where(
    accounts.c.community_id == bindparam("community"),
    accounts.c.space == bindparam("of_space"),
    accounts.c.member.in_(bindparam("of_members", expanding=True)),
)
_ADD = insert(members)
_ADD_ACCOUNT = insert(accounts)
_ADD_GROUP = insert(groups_chosen)
_UPDATE = update(members).where(*_THIS)
_CONSENTS = (
    select(consents)
    .where(consents.c.community_id == bindparam("community"), consents.c.member == bindparam("of_member"))
    .order_by(consents.c.number)
)
_KNOWN = _BEHIND.where(members.c.name != "")
_IN_SPACE = (
    groups_chosen.c.community_id == bindparam("community"),
    groups_chosen.c.space == bindparam("of_space"),
)
_GROUPS = select(groups_chosen).where(*_IN_SPACE).order_by(groups_chosen.c.group_id)
_DROP_GROUPS = delete(groups_chosen).where(*_IN_SPACE)
_CHOSEN = (
    select(communities.c.policy, accounts.c.account, members.c.recording)
    .select_from(
        communities.outerjoin(
            accounts,
            (accounts.c.community_id == communities.c.community_id)
            & (accounts.c.space == bindparam("of_space"))
            & accounts.c.account.in_(bindparam("of_accounts", expanding=True)),
        ).outerjoin(
            members, (members.c.community_id == accounts.c.community_id) & (members.c.member == accounts.c.member)
        )
    )
    .where(communities.c.community_id == OF_SPACE)
)
"""Known accounts with what they chose, and beside each the policy, or that alone."""

_REQUEST_KEY = ("community_id", "space", "account")

_Key = tuple[CommunityId, SpaceId, str]


class SqlMembers(Members):
    """See :class:`knowledge_base.ports.Members`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._known: dict[_Key, Member | None] = {}  # None: nobody yet
        self._speaking: dict[tuple[CommunityId, SpaceId, MemberId], AccountId] = {}

    async def expect(self, community: CommunityId, space: SpaceId, accounts: Sequence[AccountId]) -> None:
        """These will be seen soon: look them up together."""
        asked = sorted(set(map(storable, accounts)))
        wanted = {"community": community, "of_space": space, "of_accounts": asked}
        rows = {row.account: row for row in await self._transaction.rows(_BEHIND, wanted)}
        for account in asked:
            self._known[community, space, account] = _member(rows[account]) if account in rows else None

    async def see(
        self,
        community: CommunityId,
        space: SpaceId,
        account: AccountId,
        name: str,
        role: Role,
        fresh: MemberId,
        tier: str | None = None,
    ) -> Member:
        """The member behind an account, brought up to date; a new one gets the id ``fresh``."""
        key = (community, space, storable(account))
        shown = storable(name)
        member = await self.behind(community, space, account)
        if member is None:
            member = Member(fresh, community, shown, role, tier=storable(tier or ""))
            self._add(member, Account(space, account, fresh))
        elif member != (told := replace(member, name=shown, role=role, tier=_known_tier(member, tier))):
            member = told
            this = {"community": community, "of_member": member.id}
            await self._transaction.run(_UPDATE, {**this, "name": shown, "role": role, "tier": member.tier})
            self._forget(member.id)  # they may have other accounts
        self._known[key] = member
        return member

    async def behind(self, community: CommunityId, space: SpaceId, account: AccountId) -> Member | None:
        """The member behind an account, or None."""
        key = (community, space, storable(account))
        if key not in self._known:
            await self.expect(community, space, [account])
        return self._known[key]

    async def known(
        self, community: CommunityId, space: SpaceId, accounts: Sequence[AccountId]
    ) -> frozenset[AccountId]:
        """Which of these accounts are members' who are called by a name."""
        given = {storable(account): account for account in accounts}
        wanted = {"community": community, "of_space": space, "of_accounts": list(given)}
        return frozenset(given[row.account] for row in await self._transaction.rows(_KNOWN, wanted))

    async def groups(self, community: CommunityId, space: SpaceId) -> Sequence[Group]:
        """The roles and user groups of a space by which people are staff or admins, by id."""
        rows = await self._transaction.rows(_GROUPS, {"community": community, "of_space": space})
        return [Group(row.space, row.group_id, row.role) for row in rows]

    async def choose_groups(self, community: CommunityId, space: SpaceId, groups: Sequence[Group]) -> None:
        """These and no others of the space give a role from now on."""
        await self._transaction.run(_DROP_GROUPS, {"community": community, "of_space": space})
        for group in groups:
            row = {"community_id": community, "space": space, "group_id": storable(group.id), "role": group.role}
            await self._transaction.run(_ADD_GROUP, row)

    async def get(self, community: CommunityId, member: MemberId) -> Member | None:
        """One member, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_member": member})
        return None if row is None else _member(row)

    async def accounts(self, community: CommunityId, member: MemberId) -> Sequence[Account]:
        """A member's accounts."""
        rows = await self._transaction.rows_once(_ACCOUNTS, {"community": community, "of_member": member})
        return [Account(row.space, row.account, row.member) for row in rows]

    async def speaking_as(
        self, community: CommunityId, space: SpaceId, members: Collection[MemberId]
    ) -> Mapping[MemberId, AccountId]:
        """The account by which each of these members speaks in a space, the first of several."""
        unknown = [member for member in members if (community, space, member) not in self._speaking]
        wanted = {"community": community, "of_space": space, "of_members": unknown}
        for row in await self._transaction.rows(_SPEAKING_AS, wanted) if unknown else ():
            key = (community, space, row.member)
            self._speaking[key] = min(row.account, self._speaking.get(key, row.account))
        known = {member: self._speaking.get((community, space, member)) for member in members}
        return {member: account for member, account in known.items() if account is not None}

    async def consent(self, community: CommunityId, member: MemberId, consent: Consent) -> None:
        """Record what a member allows from now on."""
        self._forget(member)
        who = {"community": community, "of_member": member}
        choice = {
            "recording": consent.recording,
            "share_private": consent.share_private,
            "naming": consent.naming,
            "way": consent.way,
        }
        await self._transaction.run(_UPDATE, {**who, **choice, "consent_changed_at": consent.changed_at})
        (last,) = await self._transaction.rows(LAST_CONSENT, who)
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

    async def become_one(self, community: CommunityId, member: MemberId, other: MemberId) -> None:
        """``other`` is the same person as ``member``; what either of them refused stays refused."""
        both = [one.consent for one in (await self.get(community, member), await self.get(community, other)) if one]
        await become_one(self._transaction, community, member, other)
        self._known.clear()
        self._speaking.clear()
        joined = _strictest(both)
        if replace(joined, way=both[0].way) != both[0]:
            await self.consent(community, member, joined)

    async def forget_name(self, community: CommunityId, member: MemberId) -> None:
        """Blank a member's name, until they are seen again."""
        self._forget(member)
        await self._transaction.run(_UPDATE, {"community": community, "of_member": member, "name": ""})

    async def consent_history(self, community: CommunityId, member: MemberId) -> Sequence[Consent]:
        """Every choice, oldest first."""
        rows = await self._transaction.rows(_CONSENTS, {"community": community, "of_member": member})
        return [Consent(row.recording, row.share_private, row.changed_at, row.naming, row.way) for row in rows]

    async def unkept(self, space: SpaceId, accounts: Sequence[AccountId]) -> Mapping[AccountId, Recording]:
        """Those of these accounts whose words may not be kept, with what they chose."""
        if not accounts:
            return {}
        # an account is given back as it was given, whatever the database made of its characters
        given = {storable(account): account for account in accounts}
        rows = await self._transaction.rows(_CHOSEN, {"of_space": space, "of_accounts": list(given)})
        policies = [Policy(row.policy) for row in rows]
        chosen = {row.account: Recording(row.recording) for row in rows if row.account is not None}
        found = {account: chosen.get(stored, Recording.UNSAID) for stored, account in given.items()}
        return {account: said for account, said in found.items() for of in policies[:1] if not said.keeps_under(of)}

    async def ask_once(self, community: CommunityId, space: SpaceId, account: AccountId, now: datetime) -> bool:
        """Note that an account's consent is asked for now; False if it was asked for before."""
        statement = insert_if_new(consent_requests, _REQUEST_KEY, self._transaction.dialect)
        row = {"community_id": community, "space": space, "account": storable(account), "asked_at": now}
        return await self._transaction.run(statement, row) > 0

    def _forget(self, member: MemberId) -> None:
        for key in [key for key, known in self._known.items() if known and known.id == member]:
            del self._known[key]

    def _add(self, member: Member, account: Account) -> None:
        self._transaction.write_soon(
            _ADD,
            {
                "community_id": member.community,
                "member": member.id,
                "name": member.name,
                "role": member.role,
                "recording": member.consent.recording,
                "share_private": member.consent.share_private,
                "consent_changed_at": member.consent.changed_at,
                "tier": member.tier,
                "naming": member.consent.naming,
                "way": member.consent.way,
            },
        )
        self._transaction.write_soon(
            _ADD_ACCOUNT,
            {
                "community_id": member.community,
                "space": account.space,
                "account": account.id,
                "member": account.member,
            },
        )


def _strictest(consents: Sequence[Consent]) -> Consent:
    """Who chose nothing with one account has refused nothing."""
    chosen = {consent.recording for consent in consents}
    order = (Recording.STOPPED, Recording.ALLOWED, Recording.UNSAID)
    return Consent(
        next(recording for recording in order if recording in chosen),
        all(consent.share_private for consent in consents),
        max((consent.changed_at for consent in consents if consent.changed_at), default=None),
        strictest(consent.naming for consent in consents),
        Way.JOINED,
    )


def _known_tier(member: Member, told: str | None) -> str:
    return member.tier if told is None else storable(told)


def _member(row: StoredRow) -> Member:
    consent = Consent(row.recording, row.share_private, row.consent_changed_at, row.naming, row.way)
    return Member(row.member, row.community_id, row.name, row.role, consent, row.tier)
