"""From when to when a digest tells: each begins where the one before ended, however late it came."""

from datetime import datetime, timedelta
from typing import Final

from dialogue.actions import DigestOf, Occasion
from knowledge_base.digests import DigestSettings, DigestSpan

WEEK: Final = timedelta(days=7)

LATE: Final = timedelta(hours=1)
"""A digest that comes later than this says so."""

_ABOUT_A_WEEK: Final = timedelta(days=1)


def next_digest(
    settings: DigestSettings, last_voice: int, now: datetime, due: datetime | None, occasion: Occasion = Occasion.POSTED
) -> DigestOf:
    """The digest of all that the team was not told yet. The first one is said to begin a week before."""
    since = settings.told_until or (due or now) - WEEK
    return DigestOf(settings.team, since, now, settings.told_voice, last_voice, due, occasion, settings.unposted)


def span_of(digest: DigestOf) -> DigestSpan:
    """What of the stored insights and voices it tells of."""
    return DigestSpan(digest.team, digest.until, digest.after, digest.upto)


def is_late(digest: DigestOf) -> bool:
    """Whether it was made long after it was due."""
    return digest.due is not None and digest.until - digest.due > LATE


def is_weekly(digest: DigestOf) -> bool:
    """Whether it tells of about a week."""
    return abs(digest.until - digest.since - WEEK) <= _ABOUT_A_WEEK
