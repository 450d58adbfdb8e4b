"""Handlers of one event type, as the router wants them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from dialogue.actions import Outgoing
from dialogue.events import Event
from dialogue.router import Context, Handler, RoutingError

Kind = TypeVar("Kind", bound=Event)


def only(event_type: type[Kind], handle: Callable[[Kind, Context], Awaitable[Sequence[Outgoing]]]) -> Handler:
    """``handle`` for events of its type alone; any other raises :class:`~dialogue.router.RoutingError`."""

    async def handler(event: Event, context: Context) -> Sequence[Outgoing]:
        if not isinstance(event, event_type):
            raise RoutingError(f"a handler of {event_type.__name__} was given {type(event).__name__}")
        return await handle(event, context)

    return handler
