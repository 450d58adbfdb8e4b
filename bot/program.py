"""The running program: gateways in, worker, relay, ticker, background work; and the order in which it all stops."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.advising import Adviser
from bot.backfilling import Backfill
from bot.loops import Bell, Loop
from bot.relay import Relay
from bot.renewing import Renewal
from bot.ticker import Ticker
from bot.worker import Worker
from dialogue.ports import Chat, EventSink


@dataclass(frozen=True, slots=True)
class Bells:
    """Who is woken by what: an arrival wakes the worker, a decision the relay, a moved clock the ticker."""

    worker: Bell
    relay: Bell
    ticker: Bell


class Program:
    """Everything that runs, wired by ``bot.wiring``."""

    def __init__(
        self,
        sink: EventSink,
        worker: Worker,
        relay: Relay,
        ticker: Ticker,
        backfill: Backfill,
        renewal: Renewal,
        chats: Sequence[Chat],
        bells: Bells,
        adviser: Adviser | None = None,
    ) -> None:
        """``adviser``: None where no language model is asked."""
        self.sink = sink
        self.worker = worker
        self.relay = relay
        self.ticker = ticker
        self.backfill = backfill
        self.adviser = adviser
        self.renewal = renewal
        self.bells = bells
        self._chats = chats
        self._stop = asyncio.Event()
        self._loops = (
            Loop("worker", worker, bells.worker, lambda _: bells.relay.ring()),
            Loop("relay", relay, bells.relay, lambda _: None),
            Loop("ticker", ticker, bells.ticker, lambda _: bells.worker.ring()),
            Loop("backfill", backfill, Bell(), lambda _: None),
            *((Loop("adviser", adviser, Bell(), lambda _: bells.relay.ring()),) if adviser else ()),
            Loop("renewal", renewal, Bell(), lambda _: None),
        )

    async def run(self) -> None:
        """Until :meth:`stop`: gateways stop reading first, then what was begun is finished.

        A gateway or process that fails stops the program; its error is raised.
        """
        log = structlog.get_logger()
        log.info("started", spaces=[space for chat in self._chats for space in chat.spaces])
        await self.backfill.open()
        gateways = [asyncio.create_task(chat.run(self.sink)) for chat in self._chats]
        loops = [asyncio.create_task(loop.run()) for loop in self._loops]
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({stopped, *gateways, *loops}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            for gateway in gateways:
                gateway.cancel()
            ended = await asyncio.gather(*gateways, return_exceptions=True)
            for loop in self._loops:
                loop.stop()
            if self.adviser:
                self.adviser.break_off()
            ended += await asyncio.gather(*loops, return_exceptions=True)
            await self.relay.finish()
            for chat in self._chats:  # what was sent last may have connected again
                await chat.close()
            if self.adviser:
                await self.adviser.close()
            log.info("stopped")
        for outcome in ended:
            if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
                raise outcome

    def stop(self) -> None:
        """Ask :meth:`run` to return."""
        self._stop.set()

    async def drain(self) -> None:
        """Work until the inbox and the outbox have nothing that can be done now, without waiting for anything."""
        while await self.worker.run_once() + await self.relay.run_once():
            pass
