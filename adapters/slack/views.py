"""Modals: choosing a command, filling its options in, and the forms that buttons open. Pure, within Slack's limits.

What a submission needs to know and does not say itself (:class:`Asked`) travels in the view's ``private_metadata``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from adapters.slack.fields import Table, rows, table, text
from adapters.slack.render import OPTION, choice_object, plain_object
from dialogue.commands.declarations import Command, Option, Verb
from dialogue.interactions import Choice
from dialogue.posts import Field, FieldType, Form, chosen
from dialogue.texts.catalogue import Texts

View = dict[str, object]

CHOOSE: Final = "choose"
COMMAND: Final = "command:"
FORM: Final = "form:"
VERB: Final = "verb"
"""The block in which a verb is chosen."""
VALUE: Final = "value"
TITLE, OPTION_VALUE, LABEL, GROUPS = 24, 150, 2_000, 100
_HEADING: Final = "Parley"
_CHOOSE: Final = "What shall I do?"
_CONTINUE: Final = "Continue"
_SEND: Final = "Send"
_CLOSE: Final = "Close"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where somebody asked, and how they can be answered: until when (seconds since 1970), at which address."""

    channel: str
    answer: str = field(repr=False)
    until: float
    message: str = ""

    def written(self) -> str:
        """As it travels."""
        return json.dumps(asdict(self))


def asked_in(view: Table) -> Asked | None:
    """What a view carries, or None for one that is not ours."""
    try:
        carried = table(json.loads(text(view, "private_metadata")))
    except ValueError:
        return None
    until = carried.get("until")
    if not isinstance(until, int | float) or not text(carried, "channel"):
        return None
    return Asked(text(carried, "channel"), text(carried, "answer"), float(until), text(carried, "message"))


def chooser(commands: Sequence[Command], texts: Texts, asked: Asked) -> View:
    """Every verb of these commands."""
    groups = [
        {"label": plain_object(f"{command.noun}: {texts.say(command.help)}", OPTION), "options": options}
        for command in commands
        if (options := [_verb(command, verb, texts) for verb in command.verbs])
    ]
    select = {"type": "static_select", "action_id": VALUE, "option_groups": groups[:GROUPS]}
    block: View = {"type": "input", "block_id": VERB, "label": plain_object(_CHOOSE, LABEL), "element": select}
    return _modal(CHOOSE, _HEADING, [block], _CONTINUE, asked)


def options_of(command: Command, verb: Verb, given: Mapping[str, str], texts: Texts, asked: Asked) -> View:
    """A verb's options, with what was given already."""
    blocks = [_option(command, verb, option, given.get(option.name, ""), texts) for option in verb.options]
    return _modal(f"{COMMAND}{command.noun}:{verb.name}", f"{command.noun} {verb.name}", blocks, _SEND, asked)


def form_of(form: Form, asked: Asked) -> View:
    """A form. Its heading stands above the fields, whole, where it is too long for a title."""
    blocks: list[View] = [_field(one) for one in form.fields]
    if len(form.title) > TITLE:
        blocks.insert(0, {"type": "section", "text": plain_object(form.title, 3_000)})
    return _modal(f"{FORM}{form.custom_id}", form.title, blocks, form.submit, asked)


def choices_shown(choices: Sequence[Choice]) -> list[View]:
    """Completions as a select's options; what doesn't fit into one is left out."""
    return [choice_object(choice.value, choice.label) for choice in choices if 0 < len(choice.value) <= OPTION_VALUE]


def values_in(view: Table) -> dict[str, str]:
    """What was filled in, by block."""
    found: dict[str, str] = {}
    for block, elements in table(view, "state", "values").items():
        for element in table(elements).values():
            value = text(table(element), "value") or text(table(element), "selected_option", "value")
            value = value or "\n".join(text(one, "value") for one in rows(table(element), "selected_options"))
            if value:
                found[block] = value
    return found


def first_input(view: Table) -> str:
    """The block at which what is wrong with a whole form is told."""
    inputs = [text(one, "block_id") for one in rows(view, "blocks") if text(one, "type") == "input"]
    return next((name for name in inputs if name), VERB)


def _verb(command: Command, verb: Verb, texts: Texts) -> View:
    return {
        "text": plain_object(f"{command.noun} {verb.name}: {texts.say(verb.help)}", OPTION),
        "value": f"{command.noun} {verb.name}",
    }


def _option(command: Command, verb: Verb, option: Option, given: str, texts: Texts) -> View:
    return {
        "type": "input",
        "block_id": option.name,
        "optional": not option.required,
        "label": plain_object(option.name.capitalize(), LABEL),
        "hint": plain_object(texts.say(option.help), LABEL),
        "element": _element(f"{command.noun}:{verb.name}:{option.name}", option, given),
    }


def _element(name: str, option: Option, given: str) -> View:
    chosen = choice_object(given[:OPTION_VALUE], given)
    if option.choices:
        shown = choices_shown([Choice(choice, choice) for choice in option.choices])
        select: View = {"type": "static_select", "action_id": name, "options": shown}
        return select | {"initial_option": chosen} if given in option.choices else select
    if option.type.is_completed:
        select = {"type": "external_select", "action_id": name, "min_query_length": 0}
        return select | {"initial_option": chosen} if given else select
    element: View = {"type": "plain_text_input", "action_id": name, "max_length": option.limit}
    return element | {"initial_value": given[: option.limit]} if given else element


def _field(one: Field) -> View:
    return {
        "type": "input",
        "block_id": one.name,
        "optional": not one.required,
        "label": plain_object(one.label, LABEL),
        "element": _choice(one) if one.type is FieldType.CHOICE else _written(one),
    }


def _choice(one: Field) -> View:
    """What several are chosen from (https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element)."""
    picked = chosen(one.value)
    select: View = {
        "type": "multi_static_select",
        "action_id": VALUE,
        "options": [choice_object(other.value, other.label) for other in one.alternatives],
        "max_selected_items": one.most,
    }
    initial = [choice_object(other.value, other.label) for other in one.alternatives if other.value in picked]
    return select | {"initial_options": initial} if initial else select


def _written(one: Field) -> View:
    most = min(max(one.limit, 1), 3_000)
    element: View = {
        "type": "plain_text_input",
        "action_id": VALUE,
        "multiline": one.type is FieldType.PARAGRAPH,
        "max_length": most,
    }
    return element | {"initial_value": one.value[:most]} if one.value else element


def _modal(callback: str, title: str, blocks: Sequence[View], submit: str, asked: Asked) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_object(title, TITLE),
        "submit": plain_object(submit, TITLE),
        "close": plain_object(_CLOSE, TITLE),
        "private_metadata": asked.written(),
        "blocks": list(blocks),
    }
