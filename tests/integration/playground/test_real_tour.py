"""The shipped tour before the real program: what its captions promise is what happens."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from adapters.playground import tour
from adapters.playground.tour import load_tour
from bot import playing
from bot.settings import PlaygroundSettings, Settings
from tests.integration.playground.running import free_port


class Watched:
    """What a page that watches the tour has been shown."""

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.captions: list[str] = []

    async def watch(self, address: str) -> None:
        origin, token = address.split("/?token=")
        async with connect(f"ws{origin.removeprefix('http')}/live?token={token}", origin=origin) as page:
            async for frame in page:
                push = json.loads(frame)
                if push["type"] == "message":
                    self.messages[push["message"]["id"]] = push["message"]
                if push["type"] == "tour":
                    self.captions.append(push["caption"])
                    if push["state"] == "finished":
                        return

    def cards(self) -> list[dict[str, str]]:
        """The facts of each card in the team's channel, by label, and its quotes under "quotes"."""
        there = [one for one in self.messages.values() if one["channel"] == "product-team" and not one["to"]]
        posts = [one["blocks"] for one in there if one["blocks"]]
        return [
            {label: value for block in blocks if block["type"] == "facts" for label, value in block["facts"]}
            | {"quotes": str([block["author"] for block in blocks if block["type"] == "quote"])}
            for blocks in posts
        ]


async def test_every_promise_of_the_tour_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = tuple(step.model_copy(update={"after": step.after / 10}) for step in load_tour())
    monkeypatch.setattr(tour, "load_tour", lambda: hurried)
    settings = Settings(playground=PlaygroundSettings(folder=str(tmp_path)))
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    watched = Watched()
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(playing.play(settings, free_port(), fresh=False, ready=address.set_result))
        await watched.watch(await address)
        signal.raise_signal(signal.SIGTERM)
    problem, request = watched.cards()
    assert problem["Problem #1"] == "3 people"
    assert problem["quotes"] == "['Anna Kowalska', 'Ben Okafor', 'Chiara Rossi']"
    assert problem["Tags"] == "bug"
    assert problem["Status"] == "planned, by Petra Novak"
    assert request["Request #2"] == "1 person"
    assert request["quotes"] == "['Emi Tanaka']"
    assert watched.captions[-1] == load_tour()[-2].caption
