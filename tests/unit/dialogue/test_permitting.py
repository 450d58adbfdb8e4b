"""Admins choose which role a command needs; buttons, forms, menus and reactions that do the same go by that, too."""

import pytest

from dialogue.acts import BY_BUTTON, acts_by, needs
from dialogue.buttons import BUTTONS, OPENINGS
from dialogue.commands.catalogue import COMMANDS
from dialogue.errors import Refused
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, SAM, SPACE, Stage

DROPS = "The export drops my tags, this is broken"
ACTS = {f"{command.noun} {verb.name}" for command in COMMANDS for verb in command.verbs}


async def allow(stage: Stage, act: str, role: str) -> str:
    return await stage.command(ADA, "permission set", {"command": act, "role": role})


async def status(stage: Stage) -> str:
    (insight,) = await stage.open_insights()
    return insight.status.value


def test_every_button_of_staff_goes_by_the_commands_that_do_the_same() -> None:
    assert {button.verb for button in BUTTONS if button.who is not Role.CUSTOMER} | set(OPENINGS) <= set(BY_BUTTON)
    assert {act for acts in BY_BUTTON.values() for act in acts} <= ACTS
    assert acts_by("mute::") == ()


def test_of_several_acts_what_needs_most_counts_and_what_nobody_chose_is_as_declared() -> None:
    chosen = {"insight note": Role.ADMIN}
    assert needs(BY_BUTTON["tag"], Role.STAFF, chosen) is Role.ADMIN
    assert needs(BY_BUTTON["kinds"], Role.STAFF, chosen) is Role.STAFF
    assert needs((), Role.CUSTOMER, chosen) is Role.CUSTOMER


async def test_what_is_for_admins_now_staff_can_do_in_no_way(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    buttons = stage.buttons()
    assert "/insight plan is for: admin" in await allow(stage, "insight plan", "admin")
    for said in (
        await stage.command(SAM, "insight plan", {"insight": "1"}),
        await stage.press(SAM, buttons["plan"]),
    ):
        assert said == "Only admins can do that."
    assert await status(stage) == "new"
    assert await stage.press(SAM, buttons["acknowledge"]) == ""
    await stage.command(ADA, "insight plan", {"insight": "1"})
    assert await status(stage) == "planned"
    async with stage.look() as (uow, community):
        chosen = [entry.about for entry in await uow.audit.latest(community, 50) if entry.deed == "/permission set"]
        refused = [entry.deed for entry in await uow.audit.latest(community, 50) if entry.granted == "no"]
    assert chosen == ["command=insight plan role=admin"]
    assert refused == ["plan", "/insight plan"]


async def test_a_form_that_nobody_may_send_does_not_open_and_a_reaction_does_nothing(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "tag new", {"name": "bug", "reaction": "beetle"})
    said = await stage.say(ANNA, DROPS)
    await allow(stage, "insight decline", "admin")
    await allow(stage, "tag add", "admin")
    decline = stage.buttons()["decline"]
    with pytest.raises(Refused, match="Only admins"):
        await stage.interactions.open_form(SPACE, SAM, decline)
    assert (await stage.interactions.open_form(SPACE, ADA, decline)).fields
    assert await stage.submit(SAM, decline, {"reason": "no"}) == "Only admins can do that."
    await stage.react(SAM, said, "beetle")
    await stage.say(SAM, "@Parley bug", reply_to=said)
    assert (await stage.insight_of(said)).tags == ()
    await stage.react(ADA, said, "beetle")
    assert (await stage.insight_of(said)).tags == ("bug",)


async def test_what_is_for_admins_can_be_given_to_staff_and_taken_back(stage: Stage) -> None:
    await stage.with_team()
    assert "Only admins" in await stage.command(SAM, "digest pause", {"team": "product"})
    assert "staff" in await allow(stage, "/digest  Pause", "staff")
    assert "Product" in await stage.command(SAM, "digest pause", {"team": "product"})
    assert [c.value for c in await stage.interactions.complete(SPACE, SAM, "digest", "pause", "team", "")] == [
        "Product"
    ]
    assert "pause" in await stage.command(SAM, "help show")
    (digest,) = [one for one in await stage.interactions.offered(SPACE, SAM) if one.noun == "digest"]
    assert [verb.name for verb in digest.verbs] == ["show", "preview", "pause"]
    assert "/digest pause" in await stage.command(ADA, "permission list")
    assert "Only staff" in await stage.command(ANNA, "digest pause", {"team": "product"})

    await allow(stage, "digest pause", "usual")
    assert "Only admins" in await stage.command(SAM, "digest pause", {"team": "product"})
    assert "Everything is as usual" in await stage.command(ADA, "permission list")


async def test_trusted_customers_can_lose_what_concerns_answers_alone(stage: Stage) -> None:
    assert "Only staff, and those whom admins trust" in await stage.command(BEN, "answer list")
    await allow(stage, "answer approve", "staff")
    assert "Only staff can do that." in await stage.command(BEN, "answer approve", {"answer": "1"})
    await allow(stage, "answer approve", "trusted")
    assert "Everything is as usual" in await stage.command(ADA, "permission list")


@pytest.mark.parametrize(
    ("act", "role", "why"),
    [
        ("privacy erase", "admin", "can't be changed"),
        ("me show", "staff", "can't be changed"),
        ("permission set", "staff", "can't be changed"),
        ("community policy", "staff", "can't be changed"),
        ("channel exclude", "staff", "can't be changed"),
        ("audit show", "staff", "can't be changed"),
        ("insight show", "trusted", "not to customers"),
        ("insight", "staff", "/help shows them"),
        ("nonsense at all", "staff", "/help shows them"),
    ],
)
async def test_rights_of_everybody_and_what_decides_about_them_stay_as_they_are(stage: Stage, act, role, why) -> None:
    assert why in await allow(stage, act, role)
    assert "Everything is as usual" in await stage.command(ADA, "permission list")


async def test_what_can_be_chosen_is_offered_to_admins_and_what_is_none_is_not_noted(stage: Stage) -> None:
    await stage.say(ADA, "good morning")
    offered = await stage.interactions.complete(SPACE, ADA, "permission", "set", "command", "insight sh")
    assert [(one.value, one.label) for one in offered] == [
        ("insight show", "/insight show"),
        ("insight ship", "/insight ship"),
    ]
    for who, typed in ((ADA, "privacy"), (SAM, "insight")):
        assert list(await stage.interactions.complete(SPACE, who, "permission", "set", "command", typed)) == []
    await allow(stage, "something that somebody wrote", "staff")
    async with stage.look() as (uow, community):
        (entry,) = await uow.audit.latest(community, 50)
    assert entry.about == "role=staff"


async def test_only_admins_choose(stage: Stage) -> None:
    asked = {"command": "insight plan", "role": "staff"}
    for who in (ANNA, SAM):
        assert "Only admins" in await stage.command(who, "permission set", asked)
    assert "Only admins" in await stage.command(SAM, "permission list")
