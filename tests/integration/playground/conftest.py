from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession

from adapters.playground.clock import MovableClock
from adapters.playground.platform import Platform
from tests.integration.playground.stage import TOKEN, PretendedBot, build

PORT = 8000
HOST = f"127.0.0.1:{PORT}"
HOME = f"http://{HOST}"


@dataclass
class House:
    """The server in this process, with what stands behind it."""

    client: TestClient
    platform: Platform
    bot: PretendedBot
    moves: list[timedelta]

    def do(self, deed: Callable[..., Any], *args: object) -> Any:
        """Do something where the server lives: in its thread, in its loop."""
        return self.client.portal.call(deed, *args)  # type: ignore[union-attr]

    def page(self) -> WebSocketTestSession:
        """An open page, as a browser opens it that has the token."""
        return self.client.websocket_connect(
            "/live", headers={"host": HOST, "origin": HOME, "cookie": f"parley-play-{PORT}={TOKEN}"}
        )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    platform = Platform(tmp_path, MovableClock())
    server, bot, moves = build(platform)
    with TestClient(server.app(TOKEN, PORT), base_url=HOME) as client:
        yield House(client, platform, bot, moves)
    platform.close()
