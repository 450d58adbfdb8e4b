"""What names a member is shown anew where that has changed: on cards, in digests, and under early signs."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.digests import show_in_digests
from dialogue.people import voiced_by
from dialogue.router import Context
from dialogue.routing import show_on_cards
from dialogue.signs.showing import show_signs_by
from knowledge_base.ids import MemberId


async def show_named(context: Context, member: MemberId) -> Sequence[Outgoing]:
    """The edits of all that quotes this member."""
    voiced = await voiced_by(member, context)
    edits = [edit for insight in voiced for edit in await show_on_cards(context, insight)]
    signs = await show_signs_by(context, member)
    return (*edits, *await show_in_digests(context, voiced), *signs)
