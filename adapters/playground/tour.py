"""The tour: a short written conversation that plays by itself, so that a newcomer sees what the bot does."""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from adapters.playground.cast import BOT
from adapters.playground.facts import ButtonsBlock, TourStepped
from adapters.playground.frames import TourControl
from adapters.playground.platform import Platform
from adapters.playground.pushes import TourShown, TourState
from adapters.playground.render import texts_of
from adapters.playground.state import Message
from dialogue.errors import Refused
from dialogue.posts import Button
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId

LOOK_AGAIN: Final = 0.2
LOOKS: Final = 50
"""How often, and with which pause in seconds, the tour looks for a card before it goes on without."""


class Step(BaseModel):
    """One thing somebody does ``after`` seconds: say, react or press; ``on`` names the step it is about.

    ``reply_to`` and ``thread`` name steps too. ``caption`` tells the onlooker what there is to see from here on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: float
    who: AccountId
    where: ChannelId | None = None
    name: str | None = None
    say: str | None = None
    reply_to: str | None = None
    thread: str | None = None
    react: str | None = None
    press: str | None = None
    on: str | None = None
    caption: str | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        done = [deed for deed in (self.say, self.react, self.press) if deed]
        if len(done) != 1 or bool(self.say) != bool(self.where) or bool(self.say) == bool(self.on):
            raise ValueError("a step says something somewhere, or reacts to or presses something on a step")
        return self


def load_tour() -> tuple[Step, ...]:
    """The tour that ships."""
    written = (files(__package__) / "tour.toml").read_text("utf-8")
    return TypeAdapter(tuple[Step, ...]).validate_python(tomllib.loads(written)["step"])


class Tour:
    """Plays its steps on the platform, and remembers there how far it is. ``changed`` is called when that changes."""

    def __init__(
        self,
        platform: Platform,
        steps: Sequence[Step],
        changed: Callable[[], None],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._platform = platform
        self._steps = steps
        self._changed = changed
        self._wait = wait
        self._going = asyncio.Event()
        self._turned = asyncio.Event()
        self.state = TourState.WAITING if self._position < len(steps) else TourState.FINISHED

    @property
    def _position(self) -> int:
        return self._platform.state.tour.step

    def shown(self) -> TourShown:
        """How the tour is doing."""
        captions = [step.caption for step in self._steps[: self._position] if step.caption]
        return TourShown(self.state, self._position, len(self._steps), captions[-1] if captions else "")

    def looked_at(self) -> None:
        """A page is there: a tour that waited for one begins."""
        if self.state is TourState.WAITING:
            self._set(TourState.PLAYING)

    def control(self, do: TourControl) -> None:
        """Go on, wait, or begin again."""
        match do:
            case TourControl.PAUSE if self.state is TourState.PLAYING:
                self._set(TourState.PAUSED)
            case TourControl.PLAY if self.state is not TourState.FINISHED:
                self._set(TourState.PLAYING)
            case TourControl.RESTART:
                self._platform.keep(TourStepped(0, {}))
                self._set(TourState.PLAYING)
            case _:
                return

    async def run(self) -> None:
        """Play whenever it is not to wait, until cancelled."""
        while True:
            await self._going.wait()
            position = self._position
            if position >= len(self._steps):
                self._set(TourState.FINISHED)
                continue
            if await self._rest(self._steps[position].after):
                await self._play(position)

    async def _rest(self, seconds: float) -> bool:
        """Wait; whether it was to the end, without anybody taking the controls meanwhile."""
        self._turned.clear()
        rest = asyncio.ensure_future(self._wait(seconds))
        turn = asyncio.ensure_future(self._turned.wait())
        try:
            await asyncio.wait((rest, turn), return_when=asyncio.FIRST_COMPLETED)
            return not turn.done()
        finally:
            rest.cancel()
            turn.cancel()

    async def _play(self, position: int) -> None:
        step = self._steps[position]
        names = dict(self._platform.state.tour.names)
        try:
            if step.say:
                said = self._say(step, names)
                if step.name:
                    names[step.name] = said
            elif step.react and step.on in names:
                self._platform.react(step.who, names[step.on], step.react)
            elif step.press and step.on in names:
                await self._press(step, names[step.on])
        except Refused:
            # Somebody has deleted what this step is about: the others still make sense.
            pass
        if self._position == position:
            self._platform.keep(TourStepped(position + 1, names))
            self._changed()

    def _say(self, step: Step, names: dict[str, PlatformMessageId]) -> PlatformMessageId:
        thread, reply_to = names.get(step.thread or ""), names.get(step.reply_to or "")
        return self._platform.say(step.who, step.where or ChannelId(""), step.say or "", thread, reply_to)

    async def _press(self, step: Step, about: PlatformMessageId) -> None:
        """Press on the card that quotes the step's message. Where somebody has decided already there is no button."""
        words = self._platform.message(about).text
        for _ in range(LOOKS):
            for message in reversed(self._platform.state.messages.values()):
                buttons = _buttons(message)
                if buttons and _quotes(message, words):
                    meant = [one for one in buttons if one.custom_id.split(":", 1)[0] == step.press]
                    if meant:
                        self._platform.press(step.who, message.id, meant[0].custom_id)
                    return
            await self._wait(LOOK_AGAIN)

    def _set(self, state: TourState) -> None:
        self.state = state
        self._turned.set()
        (self._going.set if state is TourState.PLAYING else self._going.clear)()
        self._changed()


def _quotes(message: Message, words: str) -> bool:
    return message.author == BOT and any(words in text for block in message.blocks for text in texts_of(block))


def _buttons(message: Message) -> list[Button]:
    return [button for block in message.blocks if isinstance(block, ButtonsBlock) for button in block.buttons]
