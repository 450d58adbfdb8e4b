"""Answers people at once: completions, forms, and the note that something was heard, each within three seconds."""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Mapping, Sequence
from typing import Final

import structlog

from adapters.discord.commands import menu_forms_of, menus_of
from adapters.discord.errors import ALREADY_ACKNOWLEDGED, CHANNEL_UNKNOWN, SERVER_UNKNOWN, code_of
from adapters.discord.intake import Arrival, Intake
from adapters.discord.interacting import (
    Asked,
    How,
    Kind,
    Typed,
    asked,
    channels_of,
    event_of,
    menu_form,
    typed,
    values_of,
)
from adapters.discord.parse import Reader
from adapters.discord.payload import Payload, identifier, number, text
from adapters.discord.render import EPHEMERAL, modal_of, note_of
from adapters.discord.session import Session
from adapters.discord.skipping import skipping
from dialogue.commands.declarations import ButtonAction, Command
from dialogue.errors import Refused, SendError, StorageUnavailable
from dialogue.events import Interaction
from dialogue.interactions import Interactions
from dialogue.ports import Ids
from dialogue.texts.catalogue import Texts

PATIENCE: Final = 2.0
"""Seconds from its arrival until something is acknowledged though it is not kept yet. Discord gives three."""
NOTE, DEFERRED, QUIET, CHOICES, MODAL = 4, 5, 6, 8, 9
"""Discord's numbers for the kinds of answers."""
_CHOICE: Final = 100
_MOST_OPEN: Final = 1000


class Desk:
    """Takes interactions. What it has begun goes on beside the gateway, until :meth:`close`."""

    def __init__(
        self,
        session: Session,
        intake: Intake,
        interactions: Interactions,
        commands: Sequence[Command],
        buttons: Sequence[ButtonAction],
        texts: Texts,
        ids: Ids,
        patience: float = PATIENCE,
    ) -> None:
        self._session = session
        self._intake = intake
        self._interactions = interactions
        self._menus: Mapping[str, tuple[str, str]] = menus_of(commands, texts)
        self._menu_forms = menu_forms_of(commands, texts)
        self._forms = frozenset(button.verb for button in buttons if button.form)
        self._too_slow = texts.say("refused.too_slow")
        self._ids = ids
        self._patience = patience
        self._tasks: set[asyncio.Task[None]] = set()
        self._acknowledging: OrderedDict[str, asyncio.Task[None]] = OrderedDict()

    def take(self, payload: Payload, reader: Reader) -> None:
        """An interaction arrived. Raises :class:`~adapters.discord.payload.Malformed`."""
        until = asyncio.get_running_loop().time() + self._patience
        what = asked(payload, reader)
        if what is None:
            self._begin(self._answer_lost(payload))
        elif what.kind is Kind.COMPLETION:
            self._begin(self._complete(what, typed(what)))
        elif what.kind is Kind.PRESS and text(what.data, "custom_id").split(":", 1)[0] in self._forms:
            self._begin(self._open_form(what, text(what.data, "custom_id")))
        elif (opens := menu_form(what, self._menu_forms)) is not None:
            self._begin(self._open_form(what, opens))
        elif what.kind is Kind.FORM:
            self._begin(self._check_form(what, text(what.data, "custom_id"), values_of(what.data), until))
        else:
            for changed in channels_of(what, reader, self._ids.fresh):
                self._intake.put(changed)
            self._keep(what, until)

    async def acknowledged(self, token: str) -> None:
        """Returns once the interaction with this token was acknowledged, or could not be."""
        task = self._acknowledging.get(token)
        if task is not None:
            await asyncio.wait({task})

    async def close(self) -> None:
        """Break off what is not answered yet."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._acknowledging.clear()

    def _keep(self, what: Asked, until: float) -> None:
        event = event_of(what, self._menus)
        if event is not None:
            self._put(what, event, until)

    def _put(self, what: Asked, event: Interaction, until: float) -> None:
        task = self._begin(self._acknowledge(what, self._intake.put(event), until))
        self._acknowledging[what.token] = task
        if len(self._acknowledging) > _MOST_OPEN:
            self._acknowledging.popitem(last=False)

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _acknowledge(self, what: Asked, arrival: Arrival, until: float) -> None:
        """After it was kept; but at ``until``, a time of the loop, at the latest: then it is kept when possible."""
        try:
            async with asyncio.timeout_at(until):
                await arrival.kept.wait()
        except TimeoutError:
            structlog.get_logger().warning("interaction_kept_late", interaction=what.id)
        if what.kind is Kind.PRESS:
            await self._answer(what, QUIET)
        else:
            await self._answer(what, DEFERRED, {"flags": EPHEMERAL})

    async def _complete(self, what: Asked, wanted: Typed | None) -> None:
        choices: list[dict[str, str]] = []
        if wanted is not None:
            try:
                found = await self._interactions.complete(
                    what.place.space, what.actor, wanted.noun, wanted.verb, wanted.option, wanted.typed
                )
                choices = [
                    {"name": (choice.label or choice.value)[:_CHOICE], "value": choice.value}
                    for choice in found
                    if 0 < len(choice.value) <= _CHOICE
                ]
            except StorageUnavailable:
                structlog.get_logger().warning("completion_unavailable", noun=wanted.noun)
        await self._answer(what, CHOICES, {"choices": choices})

    async def _open_form(self, what: Asked, custom_id: str) -> None:
        try:
            form = await self._interactions.open_form(what.place.space, what.actor, custom_id)
        except Refused as error:
            await self._answer(what, NOTE, note_of(str(error)))
        except StorageUnavailable:
            await self._answer(what, NOTE, note_of(self._too_slow))
        else:
            await self._answer(what, MODAL, modal_of(form))

    async def _check_form(self, what: Asked, custom_id: str, values: Mapping[str, str], until: float) -> None:
        """A form that is filled in wrongly is answered by what is wrong: a modal can't be shown again."""
        try:
            wrong = await self._interactions.validate(what.place.space, what.actor, custom_id, values)
        except Refused as error:
            await self._answer(what, NOTE, note_of(str(error)))
        except StorageUnavailable:
            await self._answer(what, NOTE, note_of(self._too_slow))
        else:
            if wrong:
                await self._answer(what, NOTE, note_of("\n".join(wrong.values())))
            else:
                self._keep(what, until)

    async def _answer_lost(self, payload: Payload) -> None:
        """Nobody knows where it was asked; who asked is told so."""
        structlog.get_logger().warning("payload_skipped", payload="INTERACTION_CREATE", reason="its place is unknown")
        with skipping("INTERACTION_CREATE"):
            kind, data = NOTE, note_of(SERVER_UNKNOWN if payload.get("guild_id") is None else CHANNEL_UNKNOWN)
            if number(payload, "type") == Kind.COMPLETION:
                kind, data = CHOICES, {"choices": []}
            await self._call_back(identifier(payload, "id"), text(payload, "token"), kind, data)

    async def _answer(self, what: Asked, kind: int, data: Mapping[str, object] | None = None) -> None:
        await self._call_back(what.id, what.token, kind, data)

    async def _call_back(self, interaction: str, token: str, kind: int, data: Mapping[str, object] | None) -> None:
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        try:
            await self._session.ask("POST", path, body, webhook_id=interaction, webhook_token=token)
        except SendError as error:
            if code_of(error.__cause__) != ALREADY_ACKNOWLEDGED:
                structlog.get_logger().warning("interaction_not_answered", interaction=interaction, reason=str(error))


def parts_of(handle: str) -> tuple[How, str]:
    """How an interaction was acknowledged, and its token."""
    how, _, token = handle.partition(":")
    return How(how), token
