"""Weeks of a product team: what each Monday's digest says, in words and as a picture."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from adapters.memory.chat import Sent
from dialogue.plain import plain_text
from dialogue.posts import Picture
from tests.stage import ADA, ANNA, BEN, CARA, PRODUCT, SAM, Stage

EXPORT = "The CSV export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
HANGS = "The invoice page crashes with an error all the time"
WEEK = timedelta(days=7)


async def monday(play: Stage, weeks: int = 1, late: timedelta = timedelta()) -> list[Sent]:
    """Monday at nine, so many weeks on, or later; the digests that were posted."""
    before = len(digests(play))
    now = play.clock.now()
    begin = (now - timedelta(days=now.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    play.clock.move_to(begin + weeks * WEEK + late)
    await play.settle()
    return digests(play)[before:]


def digests(play: Stage) -> list[Sent]:
    sent = [sent for sent in play.chat.sent if sent.ref.channel == PRODUCT.channel and not sent.to]
    return [one for one in sent if plain_text(one.post).startswith(("This week", "News for"))]


def words(digest: Sent) -> list[str]:
    """Its lines, but the picture's and the last one."""
    return [line for line in plain_text(digest.post).splitlines() if line not in (f"({alt(digest)})", LAST)]


LAST = (
    "Ranked by how many people say it, how many of them are new, and how urgent it is; first what was held back."
    " Whoever says much alone counts twice at most."
)


def picture(digest: Sent) -> Picture:
    (found,) = [block for block in digest.post.blocks if isinstance(block, Picture)]
    return found


def alt(digest: Sent) -> str:
    return next((block.alt for block in digest.post.blocks if isinstance(block, Picture)), "")


async def test_peers_21_the_digest_of_each_week_says_what_is_new_grew_waits_and_shipped_and_nothing_twice(
    play: Stage,
) -> None:
    play.command(ADA, "topic add", kind="area", name="export", words="csv")
    play.say(ANNA, EXPORT)
    play.say(BEN, DARK)
    await play.settle()

    (first,) = await monday(play)
    assert play.clock.now() == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert words(first) == [
        "This week for product",
        "New:",
        f"Request #2, 1 person: {DARK}",
        f"Problem #1, 1 person: {EXPORT}",
    ]
    assert "until 03-09: export 1, other 1" in alt(first)
    assert Image.open(BytesIO(picture(first).png)).size == (960, 480)

    play.clock.advance(timedelta(days=2))
    play.say(CARA, EXPORT)
    play.command(SAM, "insight ship", insight="2")
    await play.settle()
    (second,) = await monday(play)
    assert words(second) == [
        "This week for product",
        "Said again:",
        f"Problem #1, 2 people, 1 more: {EXPORT}",
        "Shipped:",
        f"Request #2, 1 person, nobody told: {DARK}",
    ]
    assert "until 03-09: export 1, other 1; until 03-16: export 1." in alt(second)

    assert await monday(play) == []  # nothing new, nothing sent

    play.clock.advance(timedelta(days=1))
    play.say(BEN, HANGS)
    await play.settle()
    play.restart()  # down for two weeks and a half
    (late,) = await monday(play, weeks=2, late=timedelta(days=3))
    assert words(late) == [
        "News for product since 2026-03-23",
        "This digest comes late: it was due on 2026-03-30 09:00. It tells of all that came until now.",
        "New:",
        f"Problem #3, 1 person: {HANGS}",
        "Waiting longest:",
        f"Problem #1, 2 people, for 37 days: {EXPORT}",
    ]
    play.say(ANNA, HANGS)
    await play.settle()
    (next_one,) = await monday(play)
    assert words(next_one)[:3] == [
        "News for product since 2026-04-09",
        "Said again:",
        f"Problem #3, 2 people, 1 more: {HANGS}",
    ]


async def test_what_is_taken_back_leaves_a_digest_and_its_picture_and_the_rest_stays(play: Stage) -> None:
    said = play.say(ANNA, EXPORT)
    play.say(BEN, DARK)
    await play.settle()
    (digest,) = await monday(play)
    before = picture(digest)

    play.delete(said)
    await play.settle()

    (edited,) = digests(play)
    assert words(edited) == ["This week for product", "New:", f"Request #2, 1 person: {DARK}"]
    assert (before.alt.endswith("people 2."), alt(edited).endswith("people 1.")) == (True, True)
    assert picture(edited).png != before.png
