"""Who sees to an insight, until when, and where that is written down. Each is kept in its history, as decisions are."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from dialogue.actions import Outgoing
from dialogue.consequences import StatusSet, record
from dialogue.errors import Refused
from dialogue.regrouping.changes import refuse_if_merged
from dialogue.router import Context
from dialogue.routing import show_on_cards
from knowledge_base.insights import Insight
from knowledge_base.members import Member

NONE: Final = "none"
"""What is typed to take a day or a link away."""

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`|]+")


async def own(context: Context, insight: Insight, by: Member) -> Sequence[Outgoing]:
    """Whoever says so is the owner from now on. The community is locked. Raises :class:`Refused` for a merged one."""
    return await _change(context, insight, replace(insight, owner=by.id), by)


async def set_day(context: Context, insight: Insight, typed: str, by: Member) -> Sequence[Outgoing]:
    """It is due on that day (``2026-03-31``), or on none. Raises :class:`Refused` for what is no day to come."""
    return await _change(context, insight, replace(insight, due_on=_day(context, typed)), by)


async def set_link(context: Context, insight: Insight, typed: str, by: Member) -> Sequence[Outgoing]:
    """The web address that goes with it, or none. Raises :class:`Refused` for what is no such address."""
    if typed.casefold() != NONE and not _ADDRESS.fullmatch(typed):
        raise Refused(context.texts.say("refused.no_address"))
    link = "" if typed.casefold() == NONE else typed
    return await _change(context, insight, replace(insight, link=link), by)


def _day(context: Context, typed: str) -> date | None:
    if typed.casefold() == NONE:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise Refused(context.texts.say("refused.no_day")) from error
    if day < context.now.date():
        raise Refused(context.texts.say("refused.day_past", {"day": day.isoformat()}))
    return day


async def _change(context: Context, before: Insight, after: Insight, by: Member) -> Sequence[Outgoing]:
    """Nothing is recorded where nothing changes."""
    await refuse_if_merged(context, before, "refused.merged_already")
    if after == before:
        return ()
    await record(context, StatusSet(before, after, by))
    return await show_on_cards(context, after.id)
