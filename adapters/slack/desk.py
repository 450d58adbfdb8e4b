"""Answers whatever Slack sends: what is to be kept is queued before anything is awaited.

Events are acknowledged once they are durable, however long that takes: meanwhile Slack delivers them again, which has
no effect. Interactions too, but no later than :data:`DEADLINE`, so within Slack's three seconds: a person waits, and
Slack does not deliver those again; they stay queued.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

from adapters.slack.choosing import Choosing
from adapters.slack.errors import mistake
from adapters.slack.fields import Table, rows, table, text
from adapters.slack.forms import Answer, Forms
from adapters.slack.home import OPENED, Home
from adapters.slack.intake import Intake
from adapters.slack.interacting import menu_in
from adapters.slack.parse import Malformed
from adapters.slack.reading import Deed, skipped
from adapters.slack.render import SELECT
from dialogue.errors import Refused, StorageUnavailable

DEADLINE: Final = 2.0
"""Seconds from an interaction's arrival until it is answered, whatever has become of what was asked."""

Outcome = Deed | Answer
"""What a request comes to: a deed that is to be kept, or the answer itself."""


class Desk:
    """The one door for whatever Slack sends, over either transport."""

    def __init__(
        self, team: str, intake: Intake, forms: Forms, choosing: Choosing, home: Home, deadline: float = DEADLINE
    ) -> None:
        self._team = team
        self._intake = intake
        self._forms = forms
        self._choosing = choosing
        self._home = home
        self._deadline = deadline
        self._answers: Mapping[str, Callable[[Table], Awaitable[Outcome]]] = {
            "slash_command": forms.command,
            "block_actions": self._act,
            "message_action": forms.shortcut,
            "shortcut": forms.call,
            "view_submission": forms.submit,
            "block_suggestion": self._suggest,
        }

    async def hear(self, body: Table) -> Answer | None:
        """Answer one request; None where it must not be acknowledged. Nothing in it raises."""
        kind = "slash_command" if text(body, "command") else text(body, "type")
        try:
            return await (self._event(body) if kind == "event_callback" else self._interaction(kind, body))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one request, the others must go on
            structlog.get_logger().error("request_failed", platform="slack", type=kind[:80], reason=mistake(error))
            return None

    async def _interaction(self, kind: str, body: Table) -> Answer | None:
        until = asyncio.get_running_loop().time() + self._deadline
        answer = self._answers.get(kind)
        if answer is None:
            skipped(kind, "unknown")
            return {}
        try:
            async with asyncio.timeout_at(until):
                outcome = await answer(body)
        except Malformed as error:
            skipped(kind, f"malformed: {error}")
            return {}
        except Refused as refusal:
            return await self._forms.refused(body, str(refusal))
        except (TimeoutError, StorageUnavailable) as error:
            structlog.get_logger().warning("answered_too_slowly", type=kind, reason=type(error).__name__)
            outcome = await self._forms.too_slow(body)
        return await self._keep(outcome, until) if isinstance(outcome, Deed) else outcome

    async def _event(self, body: Table) -> Answer | None:
        if not self._is_for_us(body):
            skipped("event_callback", "of another workspace")
            return {}
        event = table(body, "event")
        if text(event, "type") == OPENED:
            self._home.open(event)
            return {}
        accepted = self._intake.put(body)
        return {} if accepted is not None and await accepted else None

    async def _act(self, payload: Table) -> Outcome:
        """Something on a message was used: a menu, or a button."""
        action = menu_in(payload)
        return await self._forms.press(payload) if action is None else self._choosing.choose(payload, action)

    async def _suggest(self, payload: Table) -> Outcome:
        """Somebody types into a select: a menu's, or one of a form."""
        ours = text(payload, "action_id").startswith(SELECT)
        return await (self._choosing.suggest(payload) if ours else self._forms.suggest(payload))

    async def _keep(self, deed: Deed, until: float) -> Answer | None:
        accepted = self._intake.put(deed)
        if accepted is None:
            return None
        try:
            async with asyncio.timeout_at(until):
                return {} if await accepted else None
        except TimeoutError:
            # it stays queued
            return {}

    def _is_for_us(self, body: Table) -> bool:
        """A shared channel names whom it is for in ``authorizations``; an app of a whole organisation names no team."""
        teams = [team for one in rows(body, "authorizations") if (team := one.get("team_id"))]
        return self._team in (teams or [body.get("team_id")])
