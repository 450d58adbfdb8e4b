"""Made-up histories, always the same for the same numbers: people with problems, in several channels and spaces."""

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

Row = dict[str, object]

_BEGIN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_THINGS = (
    "export",
    "import",
    "calendar",
    "invoice page",
    "mobile app",
    "search",
    "dark mode",
    "login",
    "webhook",
    "map",
)
_SAYINGS = (
    "The {thing} crashes whenever I open it since the last update",
    "It would be great if the {thing} could be sorted by date, please add that",
    "How do I switch the {thing} off?",
    "I love the new {thing}, great work!",
    "The {thing} is terribly slow and nobody cares, I am very disappointed",
    "Try to clear the cache of the {thing} and sign in again, that fixed it for me",
    "thanks, that did it!",
    "same here with the {thing}",
    "good morning everybody",
    "ok",
)


def made_up(
    lines: int, seed: int = 1, spaces: Sequence[str | None] = (None,), audiences: Sequence[str | None] = (None,)
) -> list[Row]:
    """Messages a few hours apart at most, with replies, threads, reactions, deletions and late lines among them."""
    chance = random.Random(seed)
    at, rows = _BEGIN, []
    last: dict[object, str] = {}
    for number in range(lines):
        at += timedelta(seconds=chance.choice((5, 40, 300, 9000)))
        place = (chance.choice(spaces), chance.choice(("help", "lounge", "a/b%2F")))
        answers = last.get(place) if chance.random() < 0.2 else None
        audience = chance.choice(audiences) if len(audiences) > 1 else audiences[0]
        rows.append(
            {
                "id": f"m{number}",
                "platform": "import",
                "space": place[0],
                "channel": place[1],
                "thread": answers if chance.random() < 0.3 else None,
                "author": f"user{chance.randrange(12)}",
                "role": "staff" if chance.random() < 0.1 else "customer",
                "time": (at - timedelta(hours=chance.random() < 0.05)).isoformat(),
                "text": chance.choice(_SAYINGS).format(thing=chance.choice(_THINGS)),
                "reply_to": answers,
                "deleted": chance.random() < 0.03,
                **({"audience": audience} if audience else {}),
                "reactions": [{"name": "bug", "authors": ["user1"]}] if chance.random() < 0.05 else [],
            }
        )
        last[place] = f"m{number}"
    return rows


def written(file: Path, rows: Sequence[Row]) -> Path:
    """The rows as a history file."""
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file
