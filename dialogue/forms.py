"""What a form is built from at the moment at which somebody opens it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from dialogue.custom_ids import CustomId
from dialogue.fence import Fence, Private
from dialogue.ports import UnitOfWork
from dialogue.posts import Form
from dialogue.texts.catalogue import Texts


@dataclass(frozen=True, slots=True)
class FormAsked:
    """A button was pressed that opens a form: what it carries, and who will read the form.

    A form passes no fence on its way out, so customers' words go into it only through ``fence``, for ``reader``.
    """

    uow: UnitOfWork
    pressed: CustomId
    reader: Private
    fence: Fence
    texts: Texts


Opening = Callable[[FormAsked], Awaitable[Form]]
"""Builds a form, reading only. Raises :class:`~dialogue.errors.Refused` where it would come too late."""
