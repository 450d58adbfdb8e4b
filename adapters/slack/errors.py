"""What Slack and the network answer, as one of the four ways in which sending fails.

A token that no longer holds is :class:`Unavailable`: surely nothing was sent, and what waits may go out once the app
is installed again. The messages name the method and Slack's word for it, never a token, an address or a text.
"""

import asyncio
import traceback
from datetime import timedelta
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.fields import strings
from dialogue.errors import RateLimited, Rejected, SendError, Unavailable, Uncertain

REVOKED: Final = frozenset({"account_inactive", "app_uninstalled", "token_revoked"})
"""The app may do nothing here any more."""
_LOCKED_OUT: Final = frozenset(
    {"invalid_auth", "not_authed", "org_login_required", "team_access_not_granted", "token_expired"}
)
"""The app may do nothing here now. Slack says so in passing too, so the next call asks again."""
_RESTING: Final = frozenset({"service_unavailable", "team_added_to_org", "accesslimited"})
_UNSURE: Final = frozenset({"fatal_error", "internal_error", "request_timeout"})
"""Slack says that part of it may have happened."""
_OF_ONE: Final = frozenset({"team_access_not_granted", "accesslimited"})
"""Said of the workspace, but also of one channel or person in it."""
_OF_THE_WAY: Final = frozenset({407, 408})
"""What a proxy says of itself."""
_BLOCKS: Final = "invalid_blocks"
SEVERAL: Final = 5
"""Tries after which an answer that is none is taken for one about what was asked."""
_USUAL_PAUSE: Final = 30


class BlocksRefused(Rejected):
    """Something is wrong with a message's blocks. ``a_picture``: it may be that a picture is not there yet."""

    def __init__(self, message: str, *, a_picture: bool) -> None:
        super().__init__(message)
        self.a_picture = a_picture


class Revoked(Unavailable):
    """The token was revoked, the app removed or the workspace closed: nothing goes out until that is put right."""


def of_slack(method: str, error: SlackApiError) -> SendError:
    """What an answer other than ``ok`` means."""
    response = error.response
    status = _number(getattr(response, "status_code", None) or getattr(response, "status", None))
    data = getattr(response, "data", None)
    said = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or said in ("ratelimited", "rate_limited"):
        return RateLimited(_pause(getattr(response, "headers", {})))
    if said in REVOKED:
        return Revoked(f"{method}: {said}")
    if said in _RESTING or said in _LOCKED_OUT:
        return Unavailable(f"{method}: {said}")
    if status >= 500 or said in _UNSURE or not said:
        return Uncertain(f"{method}: {said or status}")
    if said == _BLOCKS:
        return BlocksRefused(f"{method}: {said}", a_picture=_may_be_a_picture(data))
    return Rejected(f"{method}: {said}")


def of_network(method: str, error: Exception) -> SendError:
    """What a connection that failed means: one that was never there carried nothing."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return Unavailable(f"{method}: no connection")
    if isinstance(error, asyncio.TimeoutError):
        return Uncertain(f"{method}: no answer in time")
    return Uncertain(f"{method}: the connection broke ({type(error).__name__})")


def of_answer(what: str, status: int, said: str, headers: object) -> SendError:
    """What an address that refuses means: a ``response_url``, or where a file may be put."""
    if status == 429:
        return RateLimited(_pause(headers))
    if status >= 500:
        return Uncertain(f"{what}: {status}")
    if said == _BLOCKS:
        return BlocksRefused(f"{what}: {status} {said}", a_picture=True)
    return Rejected(f"{what}: {status} {said}")


def tries_before_unknown(error: Unavailable) -> int | None:
    """How often a question may be answered so before what it is about counts as unknown; None where for no number.

    ``error``: as reading raises it, the method and Slack's word or its status behind it.
    """
    said = str(error).partition(": ")[2]
    status = _number(said)
    if isinstance(error, Revoked):
        return None
    if said in _OF_ONE or (400 <= status < 500 and status not in _OF_THE_WAY):
        return 1
    return SEVERAL if said in _UNSURE or status else None


def mistake(error: BaseException) -> str:
    """An error that nobody foresaw, by its type and place. Its message is left out: it may quote what somebody said."""
    *_, frame = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"


def _may_be_a_picture(answer: object) -> bool:
    """Whether Slack names a file as what is wrong, or does not say what is."""
    known = answer if isinstance(answer, dict) else {}
    told = [*strings(known, "errors"), *strings(known, "response_metadata", "messages")]
    return not told or any("file" in one.lower() for one in told)


def _pause(headers: object) -> timedelta:
    get = getattr(headers, "get", None)
    given = get("Retry-After") if get is not None else None
    return timedelta(seconds=_number(given) or _USUAL_PAUSE)


def _number(given: object) -> int:
    return int(str(given)) if str(given).isdecimal() else 0
