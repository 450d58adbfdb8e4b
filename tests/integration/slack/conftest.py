from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.slack.playing import Play, playing
from tests.servers.slack.server import SlackServer


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer(retries=(0.02,) * 200).serving() as server:
        server.space.person("U1", "Anna Kowalska")
        server.space.person("U2", "Sam", is_admin=True)
        yield server


@pytest.fixture
async def play(server: SlackServer) -> AsyncIterator[Play]:
    """A chat that runs over Socket Mode into a sink that keeps everything."""
    async with playing(server) as play:
        yield play


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
