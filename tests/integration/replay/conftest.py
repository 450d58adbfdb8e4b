from collections.abc import Iterator

import pytest
import structlog

from bot import logs


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """As the command is: only trouble is logged."""
    logs.configure("warning", logs.LogFormat.CONSOLE)
    yield
    structlog.reset_defaults()
