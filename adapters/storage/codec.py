"""Events and actions as JSON, and their reply handles sealed beside them.

Stored rows outlive a release: a field added to an event or an action needs a default, and none is renamed; a test reads
rows as the first release wrote them.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Final, TypeVar

from pydantic import Field, TypeAdapter
from pydantic_core import PydanticSerializationError

from adapters.storage.columns import REPLACEMENT, storable
from dialogue.actions import Outgoing, Reply
from dialogue.concealing import holds_secrets
from dialogue.events import Event, FormSubmitted, Interaction, ReplyHandle
from dialogue.ports import Sealer

EXPIRED: Final = ReplyHandle("", datetime(1970, 1, 1, tzinfo=UTC))
"""Stands for a handle that can't be read any more, for example because the key was changed."""

Value = TypeVar("Value")
Tree = dict[str, "Tree"] | list["Tree"] | tuple["Tree", ...] | str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Packed:
    """Something as it stands in the database: JSON without the handle's token, and the token sealed."""

    payload: str | None
    handle: bytes | None


class Codec:
    """Packs and unpacks; the database never sees a reply handle's token in the clear."""

    def __init__(self, sealer: Sealer) -> None:
        self.sealer = sealer

    def pack_event(self, event: Event) -> Packed:
        """An event for the inbox."""
        if isinstance(event, Interaction):
            bare = replace(self._sealed(event), handle=_without_token(event.handle))
            return Packed(_to_json(_events(), bare), self.sealer.seal(event.handle.token))
        return Packed(_to_json(_events(), event), None)

    def unpack_event(self, payload: str, handle: bytes | None) -> Event:
        """An event from the inbox; a handle that can't be unsealed comes back as :data:`EXPIRED`."""
        event = _events().validate_json(payload)
        if handle is not None and isinstance(event, Interaction):
            return replace(self._unsealed(event), handle=self._unseal(event.handle, handle))
        return event

    def pack_outgoing(self, outgoing: Outgoing) -> Packed:
        """An action for the outbox."""
        action = outgoing.action
        if isinstance(action, Reply):
            bare = replace(outgoing, action=replace(action, handle=_without_token(action.handle)))
            return Packed(_to_json(_outgoings(), bare), self.sealer.seal(action.handle.token))
        return Packed(_to_json(_outgoings(), outgoing), None)

    def unpack_outgoing(self, payload: str, handle: bytes | None) -> Outgoing:
        """An action from the outbox; a handle that can't be unsealed comes back as :data:`EXPIRED`."""
        outgoing = _outgoings().validate_json(payload)
        action = outgoing.action
        if handle is not None and isinstance(action, Reply):
            return replace(outgoing, action=replace(action, handle=self._unseal(action.handle, handle)))
        return outgoing

    def _sealed(self, event: Interaction) -> Interaction:
        """What is secret of what was filled in is sealed too, value by value."""
        if not isinstance(event, FormSubmitted) or not holds_secrets(event):
            return event
        sealed = {name: b64encode(self.sealer.seal(storable(value))).decode() for name, value in event.values.items()}
        return replace(event, values=sealed)

    def _unsealed(self, event: Interaction) -> Interaction:
        """Nothing was filled in where it can't be read any more."""
        if not isinstance(event, FormSubmitted) or not holds_secrets(event):
            return event
        try:
            values = {name: self.sealer.unseal(b64decode(value)) for name, value in event.values.items()}
        except ValueError:
            values = {}
        return replace(event, values=values)

    def _unseal(self, bare: ReplyHandle, sealed: bytes) -> ReplyHandle:
        try:
            return replace(bare, token=self.sealer.unseal(sealed))
        except ValueError:
            return EXPIRED


def _without_token(handle: ReplyHandle) -> ReplyHandle:
    return replace(handle, token="")


# Building an adapter takes some milliseconds: it waits until the first row.
@cache
def _events() -> TypeAdapter[Event]:
    return TypeAdapter(Annotated[Event, Field(discriminator="type")])


@cache
def _outgoings() -> TypeAdapter[Outgoing]:
    return TypeAdapter(Outgoing)


def _to_json(adapter: TypeAdapter[Value], value: Value) -> str:
    try:
        text = adapter.dump_json(value).decode()
    except PydanticSerializationError:  # half a surrogate pair somewhere in it
        return adapter.dump_json(_storable(adapter, value)).decode()
    # half a pair in a name is no error there, but stands as several replacements
    if "\\u0000" in text or REPLACEMENT in text:
        return adapter.dump_json(_storable(adapter, value)).decode()
    return text


def _storable(adapter: TypeAdapter[Value], value: Value) -> Value:
    """The same with every text in it made storable, before JSON hides what is in them."""
    return adapter.validate_python(_storable_tree(adapter.dump_python(value)))


def _storable_tree(tree: Tree) -> Tree:
    match tree:
        case str():
            return storable(tree)
        case dict():
            return {storable(key): _storable_tree(value) for key, value in tree.items()}
        case list() | tuple():
            return [_storable_tree(value) for value in tree]
        case _:
            return tree
