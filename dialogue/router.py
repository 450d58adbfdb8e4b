"""Which handler an event goes to. Routers are included in a written order by ``bot.wiring`` and checked at start."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import get_args

from dialogue.actions import Asked, OutboxId, Outgoing, Reply, Said
from dialogue.auditing import Auditor
from dialogue.commands.declarations import Command
from dialogue.events import (
    ButtonPressed,
    CommandInvoked,
    Event,
    FormSubmitted,
    Interaction,
    OptionsSelected,
    TimerFired,
)
from dialogue.meanings import Embedders
from dialogue.ports import Identity, Ids, Masker, UnitOfWork
from dialogue.posts import plain
from dialogue.texts.catalogue import Texts
from dialogue.understanding.foreseeing import Foreseen
from dialogue.understanding.states import States
from dialogue.understanding.values import Prepared
from knowledge_base.audit import AuditEntry
from knowledge_base.carried import carried
from knowledge_base.ids import AuditId, CommunityId, SpaceId
from knowledge_base.merging import Meaning


@carried
@dataclass(frozen=True, slots=True)
class Thought:
    """What was computed of an event's text before the transaction. ``meaning`` only where it may voice an insight.

    ``foreseen``: how it is judged if nothing but what was foreseen happens in its lane before.
    """

    prepared: Prepared
    meaning: Meaning | None
    foreseen: Foreseen | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """All a handler has: one community's open unit of work, the moment, and what was thought beforehand.

    ``identity`` tells who the bot is in a space (None for a space whose platform is not connected).
    """

    uow: UnitOfWork
    community: CommunityId
    now: datetime
    ids: Ids
    texts: Texts
    embedders: Embedders
    masker: Masker
    states: States
    identity: Callable[[SpaceId], Identity | None]
    thought: Thought | None = None

    def outbox_id(self) -> OutboxId:
        """A fresh name for an outbox row that the handler needs to name."""
        return OutboxId(self.ids.fresh())


Handler = Callable[[Event, Context], Awaitable[Sequence[Outgoing]]]
"""Handlers check the type of the event they were registered for; the dispatcher never passes another."""


class RoutingError(Exception):
    """The handlers and what is declared do not fit together; the message names what is missing or double."""


@dataclass
class Router:
    """A named set of handlers.

    ``key``: an event's ``type``; ``command:noun:verb``; ``button:verb``; ``menu:verb``; ``form:name``;
    ``timer:name``. ``declares``:
    keys that have to have a handler in some router, as commands and buttons have.
    """

    name: str
    handlers: dict[str, Handler] = field(default_factory=dict)
    declares: frozenset[str] = frozenset()

    def on(self, key: str) -> Callable[[Handler], Handler]:
        """Register a handler under a key; twice is a :class:`RoutingError`."""

        def register(handler: Handler) -> Handler:
            if key in self.handlers:
                raise RoutingError(f"{self.name}: two handlers for {key}")
            self.handlers[key] = handler
            return handler

        return register


def key_of(event: Event) -> str:
    """The one key under which an event's handlers are found."""
    match event:
        case CommandInvoked():
            return f"command:{event.noun}:{event.verb}"
        case ButtonPressed():
            return f"button:{event.custom_id.split(':', 1)[0]}"
        case OptionsSelected():
            return f"menu:{event.custom_id.split(':', 1)[0]}"
        case FormSubmitted():
            return f"form:{event.custom_id.split(':', 1)[0]}"
        case TimerFired():
            return f"timer:{event.schedule.split(':', 1)[0]}"
        case _:
            return event.type


class Dispatcher:
    """All routers together. Every handler registered under an event's key runs, in the order of inclusion."""

    def __init__(self, routers: Sequence[Router], commands: Sequence[Command], buttons: Sequence[str]) -> None:
        """Raises :class:`RoutingError` for unknown, double or forgotten handlers."""
        self._handlers: dict[str, list[Handler]] = {}
        self._auditor = Auditor(commands)
        for router in routers:
            for key, handler in router.handlers.items():
                if ":" in key and key in self._handlers:
                    raise RoutingError(f"{router.name}: {key} is handled by another router already")
                self._handlers.setdefault(key, []).append(handler)
        known = {str(part.default) for of in get_args(Event) for part in fields(of) if part.name == "type"}
        wanted = _declared(commands, buttons).union(_plain_types(known), *(router.declares for router in routers))
        missing, unknown = sorted(wanted - set(self._handlers)), sorted(set(self._handlers) - wanted)
        if missing or unknown:
            raise RoutingError(
                f"no handler for: {missing or 'none'}; handler for nothing declared: {unknown or 'none'}"
            )

    async def dispatch(self, event: Event, context: Context) -> Sequence[Outgoing]:
        """Everything the event's handlers want done, in their order. What staff and admins do is noted for good.

        An interaction nobody handles, as a button of an older version, is answered by a sentence that says so.
        """
        handlers = self._handlers.get(key_of(event), ())
        if not handlers and isinstance(event, Interaction):
            return [_unknown(event, context)]
        actions: list[Outgoing] = []
        for handler in handlers:
            actions.extend(await handler(event, context))
        if isinstance(event, Interaction):
            await self._note(event, context)
        return actions

    async def _note(self, event: Interaction, context: Context) -> None:
        """Whoever did something is a member by now: the handlers have seen them."""
        act, place = self._auditor.act(event, await context.uow.permissions.of(context.community)), event.place
        by = await context.uow.members.behind(context.community, place.space, event.actor.account) if act else None
        if act is None or by is None:
            return
        entry = AuditEntry(
            id=AuditId(context.ids.fresh()),
            community=context.community,
            at=context.now,
            by=by.id,
            role=event.actor.role,
            deed=act.deed,
            about=act.about,
            space=place.space,
            channel=place.channel,
            granted=act.granted,
        )
        await context.uow.audit.add(entry)


def _declared(commands: Sequence[Command], buttons: Sequence[str]) -> set[str]:
    verbs = {f"command:{command.noun}:{verb.name}" for command in commands for verb in command.verbs}
    return verbs | {f"button:{verb}" for verb in buttons}


def _unknown(event: Interaction, context: Context) -> Outgoing:
    match event:
        case CommandInvoked():
            key = "refused.unknown_command"
        case OptionsSelected():
            key = "refused.unknown_menu"
        case ButtonPressed() | FormSubmitted():
            key = "refused.unknown_button"
    said, place, actor = Said(plain(context.texts.say(key))), event.place, event.actor
    answer = Reply(place.space, place.channel, actor.account, event.handle, said, role=actor.role)
    return Outgoing(answer, asked=Asked.YES)


def _plain_types(types: set[str]) -> set[str]:
    return types - {"command_invoked", "button_pressed", "options_selected", "form_submitted", "timer_fired"}
