"""What Discord and its library answer, as the four ways in which sending fails; and why the bot can't run at all.

- :class:`NotConnected`: the bot can't log in; its sentence says what to do
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

import aiohttp
import discord

from dialogue.errors import DialogueError, RateLimited, Rejected, SendError, Unavailable, Uncertain

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MEMBER: Final = 10007
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_USER: Final = 10013
UNKNOWN_EMOJI: Final = 10014
HAS_THREAD: Final = 160004
ALREADY_ACKNOWLEDGED: Final = 40060
WRONG_KIND: Final = 50024
NO_ACCESS: Final = 50001
NO_PERMISSION: Final = 50013

BAD_LOGIN: Final = "Discord does not accept the token: copy it anew from the Bot page of the Developer Portal"
CONTENT_REFUSED: Final = (
    "Discord refuses the Message Content intent: switch it on at the Bot page of the Developer Portal, "
    "or set message_content = false in [discord]"
)
MEMBERS_REFUSED: Final = (
    "Discord refuses the Server Members intent: switch it on at the Bot page of the Developer Portal, "
    "or set members = false in [discord]"
)
INTENTS_REFUSED: Final = (
    "Discord refuses an intent: switch Message Content and Server Members on at the Bot page of the Developer Portal, "
    "or set message_content = false or members = false in [discord]; parley doctor says which it is"
)

_SENTENCES: Final = {
    10003: "this channel does not exist, or the bot can't see it",
    10004: "this server does not exist, or the bot is not on it",
    10007: "this person is not on the server",
    10008: "this message does not exist any more",
    10011: "this server has no such role",
    10013: "there is nobody with this account",
    10014: "this server does not know the emoji",
    10015: "the time in which this could be answered is over",
    10062: "the time in which this could be answered is over",
    50001: "the bot can't see this channel",
    50005: "this message was written by somebody else, so the bot can't change it",
    50007: "this person takes no direct messages from the bot",
    50008: "the bot can't post in a channel of this kind",
    50013: "the bot lacks a permission here",
    50027: "the time in which this could be answered is over",
    50035: "Discord does not take it in this form",
    50083: "this thread is closed",
    160002: "the bot can't read the message that it would answer",
    160005: "this thread is locked",
}
SERVER_UNKNOWN: Final = "I can't tell yet from which server you ask. Say something there, then try again here."
CHANNEL_UNKNOWN: Final = "I don't know this channel yet. Please try again in a moment."
"""What somebody reads whose question has no place."""

_CLOSED: Final = {
    4004: BAD_LOGIN,
    4010: "Discord has no such shard: shards in [discord] must be less than shard_count",
    4011: "the bot is on more servers than Discord allows so few shards to serve: "
    'raise shard_count in [discord], or set shards = "auto"',
}
_LONG: Final = timedelta(seconds=60)


class NotConnected(DialogueError):
    """The bot can't connect, and trying again would not help. The message says what to do."""


class Effect(StrEnum):
    """Whether a request changes something: what only reads surely did nothing."""

    READS = "reads"
    WRITES = "writes"


def send_error(error: Exception, effect: Effect, *, an_earlier_try_is_unclear: bool = False) -> SendError | None:
    """How the sending failed, or None for what is no error of the platform.

    The library tries again by itself: what an earlier try may have done is uncertain, whatever the last one met.
    """
    failure = _failure(error, effect)
    if failure is None or effect is Effect.READS or not an_earlier_try_is_unclear:
        return failure
    return Uncertain(f"Discord was in trouble and may have done it; then: {failure}")


def _failure(error: Exception, effect: Effect) -> SendError | None:
    match error:
        case discord.RateLimited():
            return RateLimited(timedelta(seconds=error.retry_after))
        case discord.HTTPException():
            return _answered(error, effect)
        case aiohttp.ClientConnectorError():
            return Unavailable("Discord can't be reached")
        case TimeoutError():
            return _unclear("Discord did not answer in time", effect)
        case aiohttp.ClientError() | OSError():
            return _unclear("the connection to Discord broke", effect)
        case _:
            return None


def why_not_connected(error: Exception) -> NotConnected | None:
    """The sentence for what no second try would change, or None."""
    match error:
        case discord.LoginFailure():
            return NotConnected(BAD_LOGIN)
        case discord.PrivilegedIntentsRequired():
            return NotConnected(INTENTS_REFUSED)
        case discord.ConnectionClosed():
            return NotConnected(_CLOSED.get(error.code, f"Discord closed the connection ({error.code})"))
        case _:
            return None


def code_of(error: BaseException | None) -> int:
    """Discord's own number for what went wrong, 0 where it gave none."""
    return error.code if isinstance(error, discord.HTTPException) else 0


def _answered(error: discord.HTTPException, effect: Effect) -> SendError:
    if error.status == 429:
        return RateLimited(_asked_to_wait(error))
    if error.status == 401 and error.code not in _SENTENCES:
        return Unavailable(BAD_LOGIN)
    if error.status >= 500:
        return _unclear(f"Discord is in trouble ({error.status})", effect)
    return Rejected(_SENTENCES.get(error.code, f"Discord refused it ({error.status}, code {error.code})"))


def _asked_to_wait(error: discord.HTTPException) -> timedelta:
    try:
        return timedelta(seconds=float(error.response.headers.get("Retry-After", "")))
    except ValueError:
        return _LONG


def _unclear(reason: str, effect: Effect) -> SendError:
    return Unavailable(reason) if effect is Effect.READS else Uncertain(reason)
