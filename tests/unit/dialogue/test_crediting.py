"""``/terms`` and ``/credits``: on what terms people give, and thanks to whom it is there."""

import json
from datetime import timedelta

import pytest

from dialogue.plain import plain_text
from dialogue.posts import Document
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, SAM, SECLUDED, Stage, person

DARK = "It would be great to have a dark mode, please add one"
FIRST = "You give what you say freely; we may build it."
SECOND = "You give what you say freely, and are named in the credits if you want."


async def page(stage: Stage, form: str = "json", who=SAM) -> str:
    await stage.command(who, "credits page", {"form": form})
    return file_of(stage).content.decode()


def file_of(stage: Stage) -> Document:
    (document,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Document)]
    return document


async def ships(stage: Stage) -> None:
    await stage.press(SAM, stage.buttons()["ship"])


@pytest.fixture
async def shipped(stage: Stage) -> Stage:
    """Anna (before any terms), Ben (under the first), Cara in private (under the second) want it; it ships."""
    await stage.with_team()
    await stage.say(ANNA, DARK)
    await stage.command(ADA, "terms publish", {"text": FIRST})
    await stage.say(BEN, DARK)
    await stage.command(ADA, "terms publish", {"text": SECOND})
    await ships(stage)
    return stage


# ---- terms


async def test_everybody_reads_the_terms_that_hold_and_earlier_ones(stage: Stage) -> None:
    assert "no terms" in await stage.command(ANNA, "terms show")
    await stage.command(ADA, "terms publish", {"text": FIRST})
    assert "version 2" in await stage.command(ADA, "terms publish", {"text": SECOND})

    shown = await stage.command(ANNA, "terms show")
    assert "Version 2 of 2" in shown
    assert SECOND in shown
    assert FIRST in await stage.command(ANNA, "terms show", {"version": "1"})
    assert "no version 7" in await stage.command(ANNA, "terms show", {"version": "7"})


async def test_admins_alone_publish_terms(stage: Stage) -> None:
    for who in (ANNA, SAM):
        assert "Only admins" in await stage.command(who, "terms publish", {"text": FIRST})
    assert "no terms" in await stage.command(ANNA, "terms show")


# ---- from a change back to every voice


async def test_a_change_goes_back_to_every_voice_with_the_version_its_author_accepted(shipped: Stage) -> None:
    shown = await shipped.command(SAM, "credits show", {"insight": "1"})

    assert "Anna, 2026-03-02, before any terms" in shown
    assert "Ben, 2026-03-02, terms 1" in shown
    assert shown.count(DARK) == 2
    assert "Only staff" in await shipped.command(ANNA, "credits show", {"insight": "1"})


async def test_a_version_that_came_later_changes_nothing_for_what_was_said_before(shipped: Stage) -> None:
    await shipped.command(ADA, "terms publish", {"text": "everything is ours"})

    assert "Ben, 2026-03-02, terms 1" in await shipped.command(SAM, "credits show", {"insight": "1"})


# ---- the page


async def test_the_page_names_each_as_they_want_and_counts_the_others(shipped: Stage) -> None:
    await shipped.command(ANNA, "privacy naming", {"as": "name"})

    (one,) = json.loads(await page(shipped))["shipped"]
    assert (one["people"], one["others"]) == (["Anna"], 1)
    assert [(voice["by"], voice["terms"]) for voice in one["voices"]] == [("Anna", None), (None, 1)]
    assert [voice["link"] is None for voice in one["voices"]] == [False, True]
    assert one["shipped_on"] == "2026-03-02"

    written = await page(shipped, "markdown")
    assert "# Thanks to our community" in written
    assert "Anna and one more" in written
    assert "Ben" not in written
    assert file_of(shipped).name == "credits.md"


async def test_without_a_choice_nobody_is_named(shipped: Stage) -> None:
    (one,) = json.loads(await page(shipped))["shipped"]
    assert (one["people"], one["others"]) == ([], 2)
    assert "2 people" in await page(shipped, "markdown")


async def test_who_takes_it_back_is_not_on_the_next_page(shipped: Stage) -> None:
    for who in (ANNA, BEN):
        await shipped.command(who, "privacy naming", {"as": "name"})
    await shipped.command(BEN, "privacy erase")
    (one,) = json.loads(await page(shipped))["shipped"]
    assert (one["people"], one["others"]) == (["Anna"], 0)

    await shipped.command(ANNA, "privacy stop")
    (one,) = json.loads(await page(shipped))["shipped"]
    assert (one["people"], one["others"]) == ([], 1)


async def test_what_was_said_in_private_is_counted_and_not_told(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(CARA, "privacy private", {"allow": "on"})
    await stage.command(CARA, "privacy naming", {"as": "name"})
    await stage.say(CARA, DARK, SECLUDED)
    await stage.command(SAM, "insight ship", {"insight": "1"})

    (one,) = json.loads(await page(stage))["shipped"]
    assert (one["title"], one["people"], one["others"], one["voices"]) == (None, [], 1, [])
    written = await page(stage, "markdown")
    assert "dark mode" not in written
    assert "Cara" not in written


async def test_who_solved_what_is_credited_too(stage: Stage) -> None:
    asked = await stage.say(CARA, "How do I export all my invoices to a csv file?")
    said = await stage.say(BEN, "use the invoice menu, then Export", reply_to=asked)
    await stage.say(CARA, "that worked, thanks", reply_to=said)
    await stage.command(SAM, "answer approve", {"answer": "1"})
    await stage.command(BEN, "privacy naming", {"as": "first"})

    (one,) = json.loads(await page(stage))["answers"]
    assert (one["number"], one["by"], one["terms"]) == (1, "Ben", None)
    assert "Questions solved (1): Ben" in await page(stage, "markdown")


async def test_nothing_a_name_holds_is_markup_on_the_page(stage: Stage) -> None:
    await stage.with_team()
    eve = person("eve")
    loud = type(eve)(eve.account, "[Eve](https://evil.example) <b>", eve.role)
    await stage.say(loud, DARK)
    await stage.command(loud, "privacy naming", {"as": "name"})
    await ships(stage)

    written = await page(stage, "markdown")
    assert "](https" not in written
    assert "<b>" not in written.replace("\\<", "")


async def test_where_nothing_shipped_that_is_said(stage: Stage) -> None:
    assert "nobody to thank" in await stage.command(SAM, "credits page")
    assert "Only staff" in await stage.command(ANNA, "credits page")


async def test_the_page_is_made_when_it_is_sent(shipped: Stage) -> None:
    """Erased between the command and its answer, nobody is on it."""
    await shipped.command(ANNA, "privacy naming", {"as": "name"})
    shipped.clock.advance(timedelta(minutes=1))
    await shipped.sink.accept([shipped.invoked(SAM, "credits page", {"form": "json"})])
    await shipped.worker.run_once()
    await shipped.sink.accept([shipped.invoked(ANNA, "privacy erase")])
    await shipped.happen()

    files = [b for sent in shipped.chat.sent for b in sent.post.blocks if isinstance(b, Document)]
    assert "Anna" not in files[-1].content.decode()
    assert "Anna" not in "".join(plain_text(sent.post) for sent in shipped.cards())
