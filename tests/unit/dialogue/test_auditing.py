"""Whatever staff and admins do leaves an entry: who, when, what, on what, and never what anybody said."""

import csv
from io import StringIO

from dialogue.events import Actor
from dialogue.posts import Document
from knowledge_base.ids import AccountId
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, GENERAL, SAM, Stage

DROPS = "The export drops my tags, this is broken"


async def entries(stage: Stage) -> list[tuple[str, str, str, str]]:
    async with stage.look() as (uow, community):
        found = await uow.audit.latest(community, 50)
        return [((await uow.members.get(community, e.by)).name, e.deed, e.about, e.granted) for e in reversed(found)]


async def test_commands_presses_and_forms_of_staff_leave_an_entry_each(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    insight = (await stage.open_insights())[0]
    await stage.press(SAM, stage.buttons()["acknowledge"])
    await stage.submit(SAM, stage.buttons()["decline"], {"reason": "Anna said that it works"})

    assert await entries(stage) == [
        ("Ada", "/team add", "channel=product", "yes"),
        ("Ada", "/route add", "team=product", "yes"),
        ("Sam", "acknowledge", insight.id, "yes"),
        ("Sam", "decline", insight.id, "yes"),
    ]


async def test_to_read_what_customers_said_leaves_an_entry_too(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight show", {"insight": "1"})
    await stage.command(SAM, "why show", {"message": f"https://chat.example/general/{said}"})

    assert [entry[:3] for entry in await entries(stage)][-2:] == [
        ("Sam", "/insight show", "insight=1"),
        ("Sam", "/why show", f"message=https://chat.example/general/{said}"),
    ]


async def test_what_customers_may_do_leaves_none_and_what_they_may_not_is_noted_as_refused(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.command(ANNA, "privacy show")
    await stage.command(SAM, "help show")
    assert await entries(stage) == []

    await stage.command(ANNA, "insight show", {"insight": "1"})
    assert await entries(stage) == [("Anna", "/insight show", "insight=1", "no")]


async def test_nothing_that_anybody_wrote_stands_in_an_entry(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight show", {"insight": DROPS})
    await stage.command(ADA, "topic add", {"topic": "secret plans", "words": DROPS})
    assert [entry[1:3] for entry in await entries(stage)] == [("/insight show", ""), ("/topic add", "")]


async def test_admins_alone_read_it_newest_first_by_the_present_names(stage: Stage) -> None:
    assert await stage.command(ADA, "audit show") == "Nothing is noted yet: what staff and admins do from now on is."
    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight plan", {"insight": "1"})
    await stage.command(ANNA, "team list")

    lines = (await stage.command(ADA, "audit show")).splitlines()
    assert lines[1:] == [
        "2026-03-02 12:01: refused to Anna (customer): /team list",
        "2026-03-02 12:01: Sam (staff): /insight plan insight=1",
        "2026-03-02 12:00: Ada (admin): /audit show",
    ]
    assert "admins" in await stage.command(SAM, "audit show")


async def test_a_press_is_told_by_the_name_of_the_insight(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS, GENERAL)
    await stage.press(SAM, stage.buttons()["acknowledge"])
    assert "Sam (staff): acknowledge Problem #1" in await stage.command(ADA, "audit show")


async def test_who_is_erased_did_it_still_without_a_name(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight plan", {"insight": "1"})
    await stage.command(SAM, "privacy erase")
    assert "somebody (staff): /insight plan insight=1" in await stage.command(ADA, "audit show")


async def test_admins_get_the_whole_log_as_a_file_that_no_spreadsheet_takes_for_formulas(stage: Stage) -> None:
    await stage.command(Actor(AccountId("sam"), "=HYPERLINK(1)", Role.STAFF), "team list")
    await stage.command(ANNA, "team list")
    said = await stage.command(ADA, "audit export")

    assert said.startswith("The whole audit log as a file, the oldest entry first. Entries: 3.")
    (document,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Document)]
    rows = list(csv.DictReader(StringIO(document.content.decode(), newline="")))
    assert [(row["name"], row["role"], row["deed"], row["granted"]) for row in rows] == [
        ("'=HYPERLINK(1)", "staff", "/team list", "yes"),
        ("Anna", "customer", "/team list", "no"),
        ("Ada", "admin", "/audit export", "yes"),
    ]
    assert "Only admins" in await stage.command(SAM, "audit export")
