"""What is kept masked: personal data and secrets are gone from an event before any of it is written."""

from dataclasses import replace

from dialogue.events import CommandInvoked, Event, FormSubmitted, MessageEdited, MessagePosted
from dialogue.fence import visible
from dialogue.models import Masker
from dialogue.rewarding.verbs import CODES


def concealed(event: Event, masker: Masker) -> Event:
    """The event with every text masked that somebody typed, as :mod:`dialogue.fence` masks what leaves."""
    match event:
        case MessagePosted() | MessageEdited():
            return replace(event, text=masker.mask(visible(event.text)))
        case CommandInvoked():
            return replace(event, options={name: masker.mask(value) for name, value in event.options.items()})
        case FormSubmitted() if not holds_secrets(event):
            return replace(event, values={name: masker.mask(value) for name, value in event.values.items()})
        case _:
            return event


def holds_secrets(form: FormSubmitted) -> bool:
    """Whether what was filled in is secret as it is: then it is not masked, but sealed while it waits."""
    return form.custom_id.startswith(f"{CODES}:")
