"""A person's own page: their words and what came of them, and for staff what waits."""

from dataclasses import replace

from dialogue.events import Actor, Selected
from dialogue.plain import plain_text
from dialogue.setting_up import STAFF
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import AccountId, SpaceId
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, SAM, SECLUDED, SPACE, TEXTS, Stage

DROPS = "The export drops my tags, this is broken"
WISH = "Please add a dark mode to the app"


async def page(stage: Stage, who: Actor, texts: Texts = TEXTS) -> str:
    return plain_text(await stage.interactions.home(SPACE, who, texts))


async def test_a_customer_sees_what_became_of_their_words_and_of_nobody_elses(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, WISH)
    await stage.press(SAM, stage.buttons(0)["acknowledge"])
    said = await page(stage, ANNA)
    assert DROPS in said
    assert "acknowledged" in said
    assert WISH not in said
    assert "Messages: 1" in said
    assert "Nothing of it is shipped yet." in said
    assert "What waits" not in said


async def test_what_was_shipped_is_their_credit(stage: Stage) -> None:
    await stage.with_team()
    for text in (DROPS, WISH):
        await stage.say(ANNA, text)
    for number in ("1", "2"):
        await stage.command(SAM, "insight ship", {"insight": number})
        expected = "One thing you told us of is shipped." if number == "1" else "2 things you told us of are shipped."
        assert expected in await page(stage, ANNA)


async def test_who_never_said_anything_is_told_so(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    assert "Nothing you said has become an insight yet." in await page(stage, BEN)
    empty = await stage.interactions.home(SpaceId("never seen"), BEN, TEXTS)
    assert "Nothing you said" in plain_text(empty)


async def test_staff_see_what_waits_by_the_role_that_admins_chose_too(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    ben = replace(BEN, groups=("r1",))
    assert DROPS not in await page(stage, ben)
    await stage.select(ADA, STAFF, Selected("r1", "Support"))
    for who in (ben, SAM):
        said = await page(stage, who)
        assert said.index("What waits") < said.index(DROPS)
    await stage.press(SAM, stage.buttons(0)["acknowledge"])
    assert "Nothing waits." in await page(stage, SAM)


async def test_private_words_are_shown_to_their_author_alone(stage: Stage) -> None:
    await stage.open_channel(SECLUDED)
    await stage.say(ANNA, DROPS, SECLUDED)
    assert DROPS in await page(stage, ANNA)
    assert DROPS not in await page(stage, SAM)


async def test_commands_are_named_as_they_are_typed_there(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    assert "/parley privacy" in await page(stage, ANNA, TEXTS.with_commands("/parley "))


async def test_two_people_of_one_name_are_not_mixed_up(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    other = Actor(AccountId("anna2"), ANNA.name, Role.CUSTOMER)
    assert DROPS not in await page(stage, other)


async def test_what_somebody_said_long_ago_is_not_forgotten_and_what_was_dismissed_is_not_told(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    for number in range(250):
        await stage.happen(stage.posted(ANNA, f"good morning {number}"))
    await stage.say(ANNA, WISH)
    await stage.command(SAM, "insight dismiss", {"insight": "2"})
    said = await page(stage, ANNA)
    assert DROPS in said
    assert "Messages: 252" in said
    assert WISH not in said
