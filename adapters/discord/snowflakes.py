"""Discord's ids: they rise with time, and say when they were made."""

from datetime import UTC, datetime, timedelta
from typing import Final

_DISCORD_EPOCH: Final = datetime(2015, 1, 1, tzinfo=UTC)


def made_at(snowflake: str) -> datetime:
    """When a snowflake was made, UTC."""
    return _DISCORD_EPOCH + timedelta(milliseconds=int(snowflake) >> 22)


def snowflake_at(moment: datetime) -> int:
    """The smallest snowflake of a moment, 0 for what was before Discord."""
    return max(int((moment - _DISCORD_EPOCH).total_seconds() * 1000), 0) << 22
