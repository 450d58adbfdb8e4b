"""Every row that names a member: what they are given when they ask for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Final

from sqlalchemy import Column, ColumnElement, Select, bindparam, select

from adapters.storage.tables import (
    accounts,
    addressees,
    announcements,
    answer_changes,
    answer_parts,
    answers,
    audit,
    board_members,
    carried,
    channels,
    codes,
    consent_requests,
    consents,
    contributions,
    corrections,
    grants,
    insights,
    learning_steps,
    members,
    messages,
    mutes,
    notes,
    partners,
    questions,
    reminded,
    reminder_stops,
    reminder_zones,
    rewards,
    status_changes,
    tellings,
    terms,
    voices,
    welcomes,
)
from adapters.storage.transaction import Query, Transaction
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.ports import Belongings
from knowledge_base.ports.belongings import Belonging, Held


def _named(column: Column[str], *shown: ColumnElement[object]) -> Query:
    """The rows of a table whose ``column`` is the member; ``shown`` of them, or else all but whose they are."""
    table = column.table
    kept = shown or [one for one in table.columns if one.name != "community_id" and one is not column]
    query: Select[*tuple[object, ...]] = select(*kept)
    mine = (table.c.community_id == bindparam("community"), column == bindparam("of_member"))
    return query.where(*mine).order_by(*table.primary_key)


_SAID = (
    _named(messages.c.author)
    .add_columns(channels.c.name.label("channel_name"))
    .outerjoin(
        channels,
        (channels.c.community_id == messages.c.community_id)
        & (channels.c.space == messages.c.space)
        & (channels.c.channel == messages.c.channel),
    )
    .where(messages.c.deleted.is_(False))
)
_MINE = (messages.c.community_id == bindparam("community"), messages.c.author == bindparam("of_member"))
_VOICES: Query = (
    select(voices.c.message, insights.c.number, insights.c.kind, insights.c.status, insights.c.link)
    .join(messages, (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message))
    .join(insights, (insights.c.community_id == voices.c.community_id) & (insights.c.insight == voices.c.insight))
    .where(*_MINE)
    .order_by(voices.c.number)
)
_PARTS: Query = (
    select(answer_parts.c.message, answer_parts.c.part, answers.c.number, answers.c.state)
    .join(
        messages,
        (messages.c.community_id == answer_parts.c.community_id) & (messages.c.message == answer_parts.c.message),
    )
    .join(
        answers, (answers.c.community_id == answer_parts.c.community_id) & (answers.c.answer == answer_parts.c.answer)
    )
    .where(*_MINE)
    .order_by(answers.c.number, answer_parts.c.number)
)
_TOLD: Query = (
    _named(tellings.c.member)
    .add_columns(announcements.c.status, announcements.c.text, announcements.c.at)
    .join(
        announcements,
        (announcements.c.community_id == tellings.c.community_id)
        & (announcements.c.announcement == tellings.c.announcement),
    )
)
_ASKED_FOR_CONSENT: Query = (
    select(consent_requests.c.space, consent_requests.c.account, consent_requests.c.asked_at)
    .join(
        accounts,
        (accounts.c.community_id == consent_requests.c.community_id)
        & (accounts.c.space == consent_requests.c.space)
        & (accounts.c.account == consent_requests.c.account),
    )
    .where(accounts.c.community_id == bindparam("community"), accounts.c.member == bindparam("of_member"))
    .order_by(consent_requests.c.asked_at)
)
_REWARD = (rewards.c.community_id == grants.c.community_id) & (rewards.c.reward == grants.c.reward)

HELD: Final[Mapping[str, Query]] = {
    "member": _named(members.c.member),
    "accounts": _named(accounts.c.member),
    "consents": _named(consents.c.member),
    "asked_for_consent": _ASKED_FOR_CONSENT,
    "messages": _SAID,
    "voices": _VOICES,
    "answers_made_of_messages": _PARTS,
    "answers_solved": _named(answers.c.solver, answers.c.number, answers.c.state, answers.c.at),
    "told": _TOLD,
    "muted": _named(mutes.c.member),
    "questions_asked": _named(questions.c.by),
    "questions_answered": _named(carried.c.by),
    "asked": _named(addressees.c.member),
    "contributions": _named(contributions.c.member),
    "contributions_of_others": _named(contributions.c.by, contributions.c.kind, contributions.c.at),
    "rewards": _named(grants.c.member).add_columns(rewards.c.name).join(rewards, _REWARD),
    "rewards_given": _named(grants.c.by, grants.c.reward, grants.c.number, grants.c.at),
    "boards_joined": _named(board_members.c.member),
    "welcomed": _named(welcomes.c.member),
    "learning_partner": _named(partners.c.member, partners.c.state, partners.c.at),
    "partners_invited": _named(partners.c.by, partners.c.state, partners.c.at),
    "reminded_of": _named(reminded.c.member),
    "reminders_stopped": _named(reminder_stops.c.member),
    "reminders_zone": _named(reminder_zones.c.member),
    "notes_written": _named(notes.c.by),
    "insights_owned": _named(insights.c.owner, insights.c.number, insights.c.status, insights.c.due_on),
    "decisions": _named(status_changes.c.by),
    "given_to_own": _named(
        status_changes.c.owner, status_changes.c.insight, status_changes.c.status, status_changes.c.at
    ),
    "answers_decided": _named(answer_changes.c.by, answer_changes.c.answer, answer_changes.c.deed, answer_changes.c.at),
    "audit": _named(audit.c.by),
    "corrections": _named(corrections.c.by),
    "learning_steps": _named(learning_steps.c.by),
    "terms_published": _named(terms.c.by),
    "announcements": _named(announcements.c.by),
    "codes_made": _named(codes.c.member, codes.c.purpose, codes.c.expires_at),
    "codes_entered": _named(codes.c.entry_member, codes.c.purpose, codes.c.expires_at),
}
"""By the name under which they are given: what may be asked for. Whatever names a member is here."""


class SqlBelongings(Belongings):
    """See :class:`knowledge_base.ports.Belongings`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_member(self, community: CommunityId, member: MemberId) -> Mapping[str, Sequence[Belonging]]:
        """Every row that names them."""
        who = {"community": community, "of_member": member}
        return {
            kind: [
                {name: _plain(value) for name, value in zip(query.selected_columns.keys(), row, strict=True)}
                for row in await self._transaction.rows(query, who)
            ]
            for kind, query in HELD.items()
        }


def _plain(value: object) -> Held:
    match value:
        case Enum():
            return str(value.value)
        case bool() | int() | float() | str() | None:
            return value
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [str(one) for one in value]
        case _:
            return str(value)
