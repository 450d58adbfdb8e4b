"""What people do with the app: which of it is kept as it is, and which is answered at once with a form or choices."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from adapters.slack import interacting, views
from adapters.slack.api import Api, Me
from adapters.slack.commands import Typed, missing, named, settled, typed
from adapters.slack.directory import Directory
from adapters.slack.fields import Table, table, text
from adapters.slack.interacting import Invoked, asked_of, id_of, pressed_in, user_of
from adapters.slack.manifest import MENU
from adapters.slack.parse import Malformed
from adapters.slack.reading import Deed, Reader
from adapters.slack.views import Asked, View
from adapters.slack.wording import escaped
from dialogue.commands.declarations import DEFAULT, ButtonAction, Command, Verb
from dialogue.custom_ids import about_message
from dialogue.errors import Refused, SendError
from dialogue.events import Actor
from dialogue.interactions import Interactions
from dialogue.ports import Clock
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, message_id

ASKING: Final = 1.0
"""Seconds in which Slack must say who somebody is, where they wait for a form."""
SORRY: Final = 0.5
"""Seconds for a sentence about being too slow: with the desk's deadline before it, still within Slack's three."""

Answer = Mapping[str, object]
"""What is told at once with the acknowledgement; often nothing."""


class Forms:
    """Slash commands, buttons, shortcuts, modals. Raises Refused with what the person reads, and Malformed."""

    def __init__(
        self,
        me: Me,
        api: Api,
        reader: Reader,
        directory: Directory,
        clock: Clock,
        interactions: Interactions,
        commands: Sequence[Command],
        buttons: Sequence[ButtonAction],
        texts: Texts,
    ) -> None:
        self._space = SpaceId(me.team)
        self._api = api
        self._reader = reader
        self._directory = directory
        self._clock = clock
        self._interactions = interactions
        self._commands = commands
        self._opening = {button.verb for button in buttons if button.form}
        self._texts = texts

    async def command(self, payload: Table) -> Deed | Answer:
        """``/parley …``: complete, it is kept; else a form asks for the rest."""
        user, asked, line = user_of(payload), asked_of(payload, self._clock.now()), text(payload, "text")
        given = typed(line, self._commands)
        command = named(self._commands, given.noun)
        if command is None and given.noun:
            return self._invoked(Invoked(id_of(payload), given.noun, DEFAULT, {}), user, asked)
        verb = command.verb(given.verb) if command and given.verb else None
        if command and verb and not missing(verb, given.options):
            return self._complete(id_of(payload), command, verb, given.options, user, asked)
        offered = await self._offered(user)
        if command and verb and not _is_among(offered, command, verb):
            # who may not use it isn't asked for its options, but told so
            return self._complete(id_of(payload), command, verb, given.options, user, asked)
        await self._open(payload, self._asking(command, verb, given, offered, asked))
        return {}

    async def call(self, payload: Table) -> Deed | Answer:
        """A shortcut that stands everywhere: its command, given in the talk with the app, and answered there."""
        noun, _, name = text(payload, "callback_id").partition(" ")
        command = named(self._commands, noun)
        verb = command.verb(name) if command else None
        if command is None or verb is None:
            raise Malformed("shortcut")
        user = user_of(payload)
        asked = Asked(await self._talk(user), "", 0.0)
        if not verb.options or not _is_among(await self._offered(user), command, verb):
            return self._complete(id_of(payload), command, verb, {}, user, asked)
        await self._open(payload, views.options_of(command, verb, {}, self._texts, asked))
        return {}

    async def press(self, payload: Table) -> Deed | Answer:
        """A button: kept, or it opens its form. Other elements do nothing by themselves."""
        custom_id = pressed_in(payload)
        if not custom_id:
            return {}
        now = self._clock.now()
        user, asked = user_of(payload), asked_of(payload, now)
        if custom_id.split(":", 1)[0] not in self._opening:
            id_of(payload)
            return Deed(asked.channel, lambda around: [interacting.pressed(payload, user, asked, around, now)], user)
        return await self._show(payload, custom_id, user, asked)

    async def shortcut(self, payload: Table) -> Deed | Answer:
        """An entry of a message's menu: its form, or its command."""
        noun, _, verb = text(payload, "callback_id").removeprefix(MENU).partition(":")
        command = named(self._commands, noun)
        found = command.verb(verb) if command else None
        if found is None:
            raise Malformed("message_action")
        asked = asked_of(payload, self._clock.now())
        message = text(payload, "message_ts") or asked.message
        name = message_id(self._space, ChannelId(asked.channel), PlatformMessageId(message))
        opens = about_message(found.form, name) if found.form and message else None
        if opens is not None:
            return await self._show(payload, opens, user_of(payload), asked)
        return self._invoked(Invoked(id_of(payload), noun, verb, {}, message), user_of(payload), asked)

    async def submit(self, payload: Table) -> Deed | Answer:
        """A form that was sent: the next one, what is wrong with it, or what is kept."""
        view, user = table(payload, "view"), user_of(payload)
        asked, callback = views.asked_in(view), text(view, "callback_id")
        if asked is None or not text(view, "id"):
            raise Malformed("view_submission")
        try:
            if callback == views.CHOOSE:
                return await self._chosen(view, user, asked)
            if callback.startswith(views.COMMAND):
                command, verb = self._declared(callback.removeprefix(views.COMMAND))
                return self._complete(text(view, "id"), command, verb, views.values_in(view), user, asked)
            if callback.startswith(views.FORM):
                return await self._sent(callback.removeprefix(views.FORM), view, user, asked)
        except Refused as refusal:
            return _wrong({views.first_input(view): str(refusal)})
        raise Malformed("view_submission")

    async def suggest(self, payload: Table) -> Answer:
        """What may be meant by what was typed into a select; nothing where that can't be told in time."""
        noun, verb, option = [*text(payload, "action_id").split(":"), "", ""][:3]
        asked = views.asked_in(table(payload, "view"))
        if asked is None:
            raise Malformed("block_suggestion")
        try:
            actor = await self._actor(user_of(payload))
        except Refused:
            return {"options": []}
        found = await self._interactions.complete(self._space, actor, noun, verb, option, text(payload, "value"))
        return {"options": views.choices_shown(found)}

    async def too_slow(self, payload: Table) -> Answer:
        """The answer to what could not be answered in time: nothing was done, and whoever waits is told so."""
        sentence = self._texts.say("refused.too_slow")
        match text(payload, "type"):
            case "view_submission":
                return _wrong({views.first_input(table(payload, "view")): sentence})
            case "block_suggestion":
                return {"options": []}
            case "block_actions":
                return await self._sorry(payload, sentence)
            case _:
                return await self.refused(payload, sentence)

    async def refused(self, payload: Table, sentence: str) -> Answer:
        """The answer to what could not be done. A shortcut has no address, so it is said in the talk, if that is known.

        Posted past the outbox: should it be lost, whoever waits sees only that nothing happened.
        """
        if text(payload, "type") != "shortcut":
            return {"response_type": "ephemeral", "text": escaped(sentence)}
        talk = self._directory.talk_known(text(payload, "user", "id"))
        try:
            async with asyncio.timeout(SORRY):
                if talk is not None:
                    await self._api.act("chat.postMessage", {"channel": talk, "text": escaped(sentence)})
        except (TimeoutError, SendError) as error:
            structlog.get_logger().info("nobody_told", reason=type(error).__name__)
        return {}

    async def _sorry(self, payload: Table, sentence: str) -> Answer:
        """A press is answered through its address alone."""
        try:
            async with asyncio.timeout(SORRY):
                await self._tell(asked_of(payload, self._clock.now()), sentence)
        except (TimeoutError, Refused) as error:
            structlog.get_logger().info("nobody_told", reason=type(error).__name__)
        return {}

    async def _chosen(self, view: Table, user: str, asked: Asked) -> Deed | Answer:
        command, verb = self._declared(views.values_in(view).get(views.VERB, "").replace(" ", ":"))
        if not verb.options:
            return self._complete(text(view, "id"), command, verb, {}, user, asked)
        return {"response_action": "update", "view": views.options_of(command, verb, {}, self._texts, asked)}

    async def _sent(self, custom_id: str, view: Table, user: str, asked: Asked) -> Deed | Answer:
        values, now = views.values_in(view), self._clock.now()
        actor = await self._actor(user)
        wrong = await self._interactions.validate(self._space, actor, custom_id, values)
        if wrong:
            return _wrong(wrong)
        name = text(view, "id")
        return Deed(
            asked.channel,
            lambda around: [interacting.submitted(name, custom_id, values, user, asked, around, now)],
            user,
        )

    def _declared(self, name: str) -> tuple[Command, Verb]:
        noun, _, verb = name.partition(":")
        command = named(self._commands, noun)
        found = command.verb(verb) if command else None
        if command is None or found is None:
            raise Refused(self._texts.say("refused.unknown_command"))
        return command, found

    def _asking(
        self, command: Command | None, verb: Verb | None, given: Typed, offered: Sequence[Command], asked: Asked
    ) -> View:
        if command and verb:
            return views.options_of(command, verb, given.options, self._texts, asked)
        of_one = [one for one in offered if command and one.noun == command.noun]
        return views.chooser(of_one if command else offered, self._texts, asked)

    def _complete(
        self, name: str, command: Command, verb: Verb, options: Mapping[str, str], user: str, asked: Asked
    ) -> Deed:
        return self._invoked(Invoked(name, command.noun, verb.name, settled(verb, options, self._space)), user, asked)

    def _invoked(self, what: Invoked, user: str, asked: Asked) -> Deed:
        now = self._clock.now()
        return Deed(asked.channel, lambda around: [interacting.invoked(what, user, asked, around, now)], user)

    async def _actor(self, user: str) -> Actor:
        """Who asks. Raises Refused where Slack does not say so in time."""
        try:
            async with asyncio.timeout(ASKING):
                return await self._reader.actor(user)
        except (TimeoutError, SendError) as error:
            raise Refused(self._texts.say("refused.too_slow")) from error

    async def _offered(self, user: str) -> Sequence[Command]:
        """What somebody may do, by what admins chose. Raises Refused where that is not to be had in time."""
        return await self._interactions.offered(self._space, await self._actor(user))

    async def _talk(self, user: str) -> ChannelId:
        try:
            async with asyncio.timeout(ASKING):
                return ChannelId(await self._directory.talk(user))
        except (TimeoutError, SendError) as error:
            raise Refused(self._texts.say("refused.too_slow")) from error

    async def _show(self, payload: Table, custom_id: str, user: str, asked: Asked) -> Answer:
        """Open a form, or say why not."""
        try:
            form = await self._interactions.open_form(self._space, await self._actor(user), custom_id)
            await self._open(payload, views.form_of(form, asked))
        except Refused as refusal:
            await self._tell(asked, str(refusal))
        return {}

    async def _open(self, payload: Table, view: View) -> None:
        try:
            await self._api.act("views.open", {"trigger_id": id_of(payload), "view": view})
        except SendError as error:
            raise Refused(self._texts.say("refused.too_slow")) from error

    async def _tell(self, asked: Asked, sentence: str) -> None:
        """Say it to who asked alone; where even that fails, they see that nothing happened."""
        told = {"response_type": "ephemeral", "replace_original": False, "text": escaped(sentence)}
        try:
            await self._api.answer(asked.answer, told)
        except SendError as error:
            raise Refused(sentence) from error


def _is_among(offered: Sequence[Command], command: Command, verb: Verb) -> bool:
    theirs = named(offered, command.noun)
    return theirs is not None and theirs.verb(verb.name) is not None


def _wrong(errors: Mapping[str, str]) -> Answer:
    return {"response_action": "errors", "errors": dict(errors)}
