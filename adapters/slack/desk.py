"""Answers each request of Slack within its three seconds: what is to be kept is queued before anything is awaited.

Events are acknowledged once they are durable, else Slack delivers them again. Interactions too, but no later than
:data:`DEADLINE`: a person waits, and Slack does not deliver those again; they stay queued.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import structlog
from slack_bolt.response import BoltResponse

from adapters.slack.fields import Table, rows, text
from adapters.slack.forms import Forms
from adapters.slack.intake import Intake
from adapters.slack.parse import Malformed
from adapters.slack.reading import Deed, skipped
from adapters.slack.wording import escaped
from dialogue.errors import Refused, StorageUnavailable

DEADLINE: Final = 2.0
"""Seconds from a request's arrival until it is answered, whatever has become of what was asked."""

Answer = str | Mapping[str, object]
Outcome = Deed | Answer
"""What a request comes to: a deed that is to be kept, or the answer itself."""


class Desk:
    """The one door for whatever Slack sends, over either transport."""

    def __init__(self, team: str, intake: Intake, forms: Forms, deadline: float = DEADLINE) -> None:
        self._team = team
        self._intake = intake
        self._forms = forms
        self._deadline = deadline
        self._answers: Mapping[str, Callable[[Table], Awaitable[Outcome]]] = {
            "slash_command": forms.command,
            "block_actions": forms.press,
            "message_action": forms.shortcut,
            "view_submission": forms.submit,
            "block_suggestion": forms.suggest,
        }

    async def hear(self, body: Table) -> BoltResponse:
        """Answer one request. Nothing in it raises."""
        until = asyncio.get_running_loop().time() + self._deadline
        kind = "slash_command" if text(body, "command") else text(body, "type")
        if kind == "event_callback":
            return await self._event(body, until)
        answer = self._answers.get(kind)
        if answer is None:
            skipped(kind, "unknown")
            return BoltResponse(status=200, body="")
        try:
            async with asyncio.timeout_at(until):
                outcome = await answer(body)
        except Malformed as error:
            skipped(kind, f"malformed: {error}")
            return BoltResponse(status=200, body="")
        except Refused as refusal:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": escaped(str(refusal))})
        except (TimeoutError, StorageUnavailable) as error:
            structlog.get_logger().warning("answered_too_slowly", type=kind, reason=type(error).__name__)
            outcome = await self._forms.too_slow(body)
        return await self._keep(outcome, until) if isinstance(outcome, Deed) else _answered(outcome)

    async def _event(self, body: Table, until: float) -> BoltResponse:
        if not self._is_for_us(body):
            skipped("event_callback", "of another workspace")
            return BoltResponse(status=200, body="")
        accepted = self._intake.put(body)
        if accepted is None:
            return BoltResponse(status=503, body="")
        done = await _soon(accepted, until)
        return BoltResponse(status=200 if done and accepted.result() else 503, body="")

    async def _keep(self, deed: Deed, until: float) -> BoltResponse:
        accepted = self._intake.put(deed)
        if accepted is None:
            return BoltResponse(status=503, body="")
        refused = await _soon(accepted, until) and not accepted.result()
        return BoltResponse(status=503 if refused else 200, body="")

    def _is_for_us(self, body: Table) -> bool:
        """A shared channel names whom it is for in ``authorizations``; an app of a whole organisation names no team."""
        teams: Sequence[str] = [team for one in rows(body, "authorizations") if (team := text(one, "team_id"))]
        return self._team in (teams or [text(body, "team_id")])


async def _soon(accepted: asyncio.Future[bool], until: float) -> bool:
    """Whether it is decided by then, in the loop's time."""
    done, _ = await asyncio.wait({accepted}, timeout=max(until - asyncio.get_running_loop().time(), 0))
    return bool(done)


def _answered(answer: Answer) -> BoltResponse:
    return BoltResponse(status=200, body=answer if isinstance(answer, str) else dict(answer))
