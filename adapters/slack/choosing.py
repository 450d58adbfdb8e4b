"""The menus of our posts: what is chosen is kept, and what there is to choose is offered."""

from collections.abc import Mapping

from adapters.slack.fields import Table, text
from adapters.slack.interacting import asked_of, channels_in, id_of, selected, user_of
from adapters.slack.reading import Deed
from adapters.slack.roster import Roster
from adapters.slack.views import choices_shown
from dialogue.ports import Clock


class Choosing:
    """Knows nothing but what a payload says, so that menus of before a restart work. Raises Malformed."""

    def __init__(self, roster: Roster, clock: Clock) -> None:
        self._roster = roster
        self._clock = clock

    def choose(self, payload: Table, action: Table) -> Deed:
        """Something was chosen, or is no longer."""
        now = self._clock.now()
        user, asked = user_of(payload), asked_of(payload, now)
        id_of(payload)
        return Deed(
            asked.channel,
            lambda around: selected(payload, action, user, asked, around, now),
            user,
            channels_in(action),
        )

    async def suggest(self, payload: Table) -> Mapping[str, object]:
        """People and user groups whose names hold what was typed. Slack itself lists channels."""
        return {"options": choices_shown(await self._roster.matching(text(payload, "value")))}
