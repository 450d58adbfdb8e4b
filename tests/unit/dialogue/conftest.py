import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.storage.database import Database
from dialogue import interactions
from knowledge_base.channels import Mode
from tests.unit.dialogue.closing import DARK
from tests.unit.dialogue.stage import ANNA, BEN, GENERAL, SECLUDED, Plain, Stage


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, made once; a copy is faster than its migrations."""
    path = tmp_path_factory.mktemp("dialogue") / "empty.db"

    async def make() -> None:
        await (await Database.open(f"sqlite:///{path}", Plain())).close()

    asyncio.run(make())
    return path


@pytest.fixture
async def stage(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(interactions, "DEADLINE", 60)  # what is late is tested elsewhere; a busy machine is no failure
    async with set_up(shutil.copy(empty_database, tmp_path / "parley.db")) as made:
        yield made


@asynccontextmanager
async def set_up(path: Path, *, ahead: bool = False) -> AsyncIterator[Stage]:
    """A stage with two channels; ``ahead``: where each message is judged before it comes."""
    database = await Database.open(f"sqlite:///{path}", Plain())
    try:
        made = Stage(database, ahead=ahead)
        await made.open_channel(GENERAL, Mode.ON_MENTION)
        await made.open_channel(SECLUDED, Mode.LISTENING)
        yield made
    finally:
        await database.close()


@pytest.fixture
async def asked(stage: Stage) -> Stage:
    """Anna and Ben ask for a dark mode in a public channel."""
    await stage.with_team()
    await stage.open_channel(GENERAL, Mode.ON_MENTION)
    await stage.say(ANNA, DARK)
    await stage.say(BEN, DARK)
    return stage
