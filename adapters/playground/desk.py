"""Does what the page asks for: each frame becomes a deed on the platform, or a question to the dialogue."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, assert_never

from adapters.playground import errors
from adapters.playground.cast import SPACE
from adapters.playground.frames import (
    Change,
    Choose,
    Command,
    Complete,
    ControlTour,
    Frame,
    Join,
    MoveClock,
    Press,
    React,
    Remove,
    Say,
    Submit,
    Why,
)
from adapters.playground.parse import actor_of
from adapters.playground.platform import Platform
from adapters.playground.pushes import Answer, ChoiceView
from adapters.playground.tour import Tour
from adapters.playground.understanding import Understanding
from dialogue.commands import declarations
from dialogue.commands.declarations import ButtonAction, OptionType
from dialogue.custom_ids import about_message
from dialogue.errors import Refused
from dialogue.interactions import Interactions
from knowledge_base.ids import message_id

DEADLINE: Final = 3.0
"""Seconds a person waits for a form or a completion before they are told that it took too long."""


class Desk:
    """Answers frames. ``moved`` is called when the clock has been moved, so that what is due now is done now."""

    def __init__(
        self,
        platform: Platform,
        tour: Tour,
        understanding: Understanding,
        interactions: Interactions,
        commands: Sequence[declarations.Command],
        buttons: Sequence[ButtonAction],
        moved: Callable[[], None],
    ) -> None:
        self._platform = platform
        self._tour = tour
        self._understanding = understanding
        self._interactions = interactions
        self._verbs = {(command.noun, verb.name) for command in commands for verb in command.verbs}
        self._menus = {(command.noun, verb.name): verb for command in commands for verb in command.verbs if verb.menu}
        self._forms = {button.verb for button in buttons if button.form}
        self._moved = moved

    async def answer(self, frame: Frame) -> Answer:
        """Do it. Raises :class:`Refused` with the sentence that people read."""
        match frame:
            case Say() | Change() | Remove() | React() | Choose() | Join():
                return self._person_does(frame)
            case Command() | Complete() | Press() | Submit():
                try:
                    async with asyncio.timeout(DEADLINE):
                        return await self._interact(frame)
                except TimeoutError as error:
                    raise Refused(errors.TOO_SLOW) from error
            case Why():
                self._platform.message(frame.message)
                self._understanding.look_at(frame.message)
            case MoveClock():
                self._platform.move_clock()
                self._moved()
            case ControlTour():
                self._tour.control(frame.do)
            case _:
                assert_never(frame)
        return Answer(frame.id)

    def _person_does(self, frame: Say | Change | Remove | React | Choose | Join) -> Answer:
        platform = self._platform
        match frame:
            case Say():
                said = platform.say(frame.by, frame.channel, frame.text, frame.thread, frame.reply_to)
                return Answer(frame.id, message=said)
            case Join():
                return Answer(frame.id, account=platform.join(frame.name))
            case Change():
                platform.change(frame.by, frame.message, frame.text)
            case Remove():
                platform.remove(frame.by, frame.message)
            case React():
                platform.react(frame.by, frame.message, frame.emoji)
            case Choose():
                platform.choose(frame.by, frame.message, frame.custom_id, frame.selected)
        return Answer(frame.id)

    async def _interact(self, frame: Command | Complete | Press | Submit) -> Answer:
        platform = self._platform
        platform.person(frame.by)
        actor = actor_of(frame.by, platform.state)
        match frame:
            case Command():
                self._declared(frame.noun, frame.verb)
                opens = self._form_about(frame)
                if opens is not None:
                    return Answer(frame.id, form=await self._interactions.open_form(SPACE, actor, opens))
                platform.command(frame.by, frame.channel, frame.noun, frame.verb, frame.options, frame.message)
            case Complete():
                self._declared(frame.noun, frame.verb)
                found = await self._interactions.complete(
                    SPACE, actor, frame.noun, frame.verb, frame.option, frame.typed
                )
                return Answer(frame.id, choices=[ChoiceView(choice.value, choice.label) for choice in found])
            case Press():
                platform.button_is_there(frame.by, frame.message, frame.custom_id)
                if frame.custom_id.split(":", 1)[0] in self._forms:
                    return Answer(frame.id, form=await self._interactions.open_form(SPACE, actor, frame.custom_id))
                platform.press(frame.by, frame.message, frame.custom_id)
            case Submit():
                wrong = await self._interactions.validate(SPACE, actor, frame.custom_id, frame.values)
                if wrong:
                    return Answer(frame.id, errors=dict(wrong))
                platform.submit(frame.by, frame.channel, frame.custom_id, frame.values)
        return Answer(frame.id)

    def _form_about(self, frame: Command) -> str | None:
        """What opens a form: a message's menu, where nothing was typed."""
        verb = self._menus.get((frame.noun, frame.verb))
        if verb is None or verb.form is None or frame.message is None:
            return None
        if any(option.name in frame.options for option in verb.options if option.type is not OptionType.MESSAGE):
            return None
        self._platform.message(frame.message)
        return about_message(verb.form, message_id(SPACE, frame.channel, frame.message))

    def _declared(self, noun: str, verb: str) -> None:
        if (noun, verb) not in self._verbs:
            raise Refused(errors.NO_COMMAND)
