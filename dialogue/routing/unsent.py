"""A card that was decided and not let out: its insight is held back, and sent if its channel can get it by now."""

from datetime import datetime

from dialogue.actions import CardOf, Post
from dialogue.ports import UnitOfWork
from dialogue.routing.holding import look_now
from dialogue.rows import OutboxRow


async def look_after_unsent(uow: UnitOfWork, row: OutboxRow, now: datetime) -> None:
    """If the row was a card, look at what is held back for its team. Called once the row has ended.

    The team's channel may get cards again already: whoever told so was handled before this was held back.
    """
    action = row.outgoing.action
    if not isinstance(action, Post) or not isinstance(action.matter, CardOf):
        return
    held = {one.team for one in await uow.holdings.of_insight(row.community, action.matter.insight)}
    for team in await uow.teams.teams(row.community):
        if team.id in held:
            await look_now(uow, team, now)
