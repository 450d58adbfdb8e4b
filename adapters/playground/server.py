"""The web application: one page, its assets, and a WebSocket over which everything lives."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from adapters.playground import errors
from adapters.playground.cast import BOT, ROOMS, direct
from adapters.playground.commands import offered
from adapters.playground.desk import Desk
from adapters.playground.facts import (
    Changed,
    Chosen,
    ClockMoved,
    Fact,
    Joined,
    Marked,
    Posted,
    Reacted,
    Removed,
    Reshown,
    Said,
)
from adapters.playground.frames import FRAMES, LONGEST_FRAME
from adapters.playground.guard import Guard
from adapters.playground.hub import Hub, Page
from adapters.playground.platform import Platform
from adapters.playground.pushes import (
    Answer,
    ClockShown,
    Delivery,
    MessageShown,
    PersonShown,
    RefusedFrame,
    Snapshot,
    written,
)
from adapters.playground.state import Message
from adapters.playground.tour import Step, Tour
from adapters.playground.understanding import Explainer, Understanding
from dialogue.commands.declarations import ButtonAction, Command
from dialogue.errors import DialogueError
from dialogue.interactions import Interactions
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import PlatformMessageId

WEB: Final = Path(__file__).parent / "web"
SHOWN: Final = 300
"""The last messages of each channel that a page is given when it comes."""
GOING_AWAY: Final = 1001
TRY_LATER: Final = 1013


class Server:
    """Holds what the pages share. See :meth:`app`."""

    def __init__(
        self,
        platform: Platform,
        interactions: Interactions,
        explain: Explainer,
        commands: Sequence[Command],
        buttons: Sequence[ButtonAction],
        texts: Texts,
        moved: Callable[[], None],
        tour: Sequence[Step] = (),
    ) -> None:
        """``moved`` is called after the clock was moved; ``tour`` plays as soon as somebody looks."""
        self._platform = platform
        self._hub = Hub()
        self._understanding = Understanding(platform, explain, self._hub.tell)
        self._tour = Tour(platform, tour, self._tour_changed)
        self._desk = Desk(platform, self._tour, self._understanding, interactions, commands, buttons, moved)
        self._commands = offered(commands, texts)
        platform.watchers.append(self._happened)

    def app(self, token: str, port: int) -> Starlette:
        """The application for 127.0.0.1:``port``; its page is at ``/?token=…``."""
        return Starlette(
            routes=[
                Route("/", self._page),
                WebSocketRoute("/live", self._live),
                Mount("/web", StaticFiles(directory=WEB)),
            ],
            middleware=[Middleware(Guard, token=token, port=port)],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(self._understanding.run()), tasks.create_task(self._tour.run())]
            yield
            for task in running:
                task.cancel()
            for page in self._hub.pages:
                page.lost.set()

    async def _page(self, request: Request) -> FileResponse:
        return FileResponse(WEB / "index.html")

    async def _live(self, socket: WebSocket) -> None:
        await socket.accept()
        page = Page()
        page.push(written(self._snapshot()))
        self._hub.pages.add(page)
        self._tour.looked_at()
        try:
            async with asyncio.TaskGroup() as tasks:
                writing = [tasks.create_task(self._write(socket, page)), tasks.create_task(self._end(socket, page))]
                await self._read(socket, page)
                for task in writing:
                    task.cancel()
        except* WebSocketDisconnect:
            pass
        finally:
            self._hub.pages.discard(page)

    async def _read(self, socket: WebSocket, page: Page) -> None:
        async with asyncio.TaskGroup() as answering:
            try:
                while True:
                    received = await socket.receive()
                    if received["type"] == "websocket.disconnect":
                        return
                    answering.create_task(self._answer(page, received.get("text") or ""))
            except RuntimeError:
                return

    async def _answer(self, page: Page, text: str) -> None:
        page.push(written(await self._result(text)))

    async def _result(self, text: str) -> Answer | RefusedFrame:
        frame_id = None
        try:
            if len(text) > LONGEST_FRAME:
                return RefusedFrame(None, errors.TOO_LONG)
            frame = FRAMES.validate_json(text)
            frame_id = frame.id
            return await self._desk.answer(frame)
        except ValidationError as error:
            return RefusedFrame(None, errors.BAD_FRAME.format(why=error.errors()[0]["msg"]))
        except DialogueError as error:
            return RefusedFrame(frame_id, str(error))

    async def _write(self, socket: WebSocket, page: Page) -> None:
        while True:
            await socket.send_text(await page.waiting.get())

    async def _end(self, socket: WebSocket, page: Page) -> None:
        await page.lost.wait()
        await socket.close(TRY_LATER if page.waiting.full() else GOING_AWAY)

    # ---- what the pages are told -------------------------------------------------------------------------------

    def _snapshot(self) -> Snapshot:
        state = self._platform.state
        return Snapshot(
            BOT,
            ROOMS,
            list(state.people.values()),
            self._commands,
            self._latest(),
            self._understanding.told(),
            self._delivery(),
            self._clock(),
            self._tour.shown(),
        )

    def _latest(self) -> list[Message]:
        messages = list(self._platform.state.messages.values())
        channels = [*(room.id for room in ROOMS), *(direct(person).id for person in self._platform.state.people)]
        shown = {
            message.id
            for channel in channels
            for message in [message for message in messages if message.channel == channel][-SHOWN:]
        }
        return [message for message in messages if message.id in shown]

    def _happened(self, fact: Fact | None) -> None:
        match fact:
            case Said() | Posted():
                self._show(fact.id)
            case Changed() | Removed() | Reacted() | Chosen() | Reshown() | Marked():
                self._show(fact.message)
            case Joined():
                self._hub.tell(PersonShown(self._platform.person(fact.account)))
            case ClockMoved():
                self._hub.tell(self._clock())
            case _:
                self._hub.tell(self._delivery())

    def _show(self, message: PlatformMessageId) -> None:
        self._hub.tell(MessageShown(self._platform.state.messages[message]))

    def _tour_changed(self) -> None:
        self._hub.tell(self._tour.shown())

    def _delivery(self) -> Delivery:
        return Delivery(self._platform.state.delivered, self._platform.trouble)

    def _clock(self) -> ClockShown:
        now = self._platform.clock.now()
        return ClockShown(now, self._platform.state.ahead.total_seconds())
