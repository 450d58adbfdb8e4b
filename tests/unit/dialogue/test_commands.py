from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogue.commands.catalogue import COMMANDS
from dialogue.commands.declarations import MOST_VERBS
from dialogue.commands.invocation import Noun
from dialogue.commands.running import router
from dialogue.router import RoutingError
from knowledge_base.channels import Mode, Shared
from knowledge_base.ids import ChannelId
from knowledge_base.members import Role
from tests.unit.dialogue.stage import (
    ADA,
    ANNA,
    BEN,
    GENERAL,
    PRODUCT,
    SAM,
    SECLUDED,
    SPACE,
    TEXTS,
    Stage,
    person,
)

DROPS = "The export drops my tags, this is broken"
STAFF_VERBS = [(c.noun, v.name) for c in COMMANDS for v in c.verbs if v.who is Role.STAFF]
ADMIN_VERBS = [(c.noun, v.name) for c in COMMANDS for v in c.verbs if v.who is Role.ADMIN]


def test_every_platform_can_show_every_command() -> None:
    assert all(len(command.verbs) <= MOST_VERBS for command in COMMANDS)
    for verb in (verb for command in COMMANDS for verb in command.verbs):
        required = [option.required for option in verb.options]
        assert required == sorted(required, reverse=True), f"{verb.name}: required options stand first"
        assert all(len(option.choices) <= 25 for option in verb.options)


def test_a_verb_without_a_handler_fails_the_start() -> None:
    with pytest.raises(RoutingError, match="nobody handles /help show"):
        router([Noun(COMMANDS[0], {})])


def test_every_platform_can_show_every_menu_and_shortcut() -> None:
    verbs = [verb for command in COMMANDS for verb in command.verbs]
    menus = [TEXTS.say(verb.menu) for verb in verbs if verb.menu]
    shortcuts = [TEXTS.say(verb.shortcut) for verb in verbs if verb.shortcut]
    assert menus == ["Tag as insight", "Who said this too?", "Why?"]
    assert all(len(name) <= 24 for name in (*menus, *shortcuts))
    assert len(menus) <= 5
    assert len(menus) + len(shortcuts) <= 10


@pytest.mark.parametrize(("noun", "verb"), STAFF_VERBS)
async def test_customers_may_give_no_command_of_staff(stage: Stage, noun: str, verb: str) -> None:
    assert await stage.command(ANNA, f"{noun} {verb}") == "Only staff can do that."


@pytest.mark.parametrize(("noun", "verb"), ADMIN_VERBS)
async def test_staff_may_give_no_command_of_admins(stage: Stage, noun: str, verb: str) -> None:
    assert await stage.command(SAM, f"{noun} {verb}") == "Only admins can do that."


@pytest.mark.parametrize("role", [Role.BOT, Role.SYSTEM])
async def test_bots_may_give_no_command(stage: Stage, role: Role) -> None:
    assert "Only" in await stage.command(person("robot", role), "privacy stop")


@pytest.mark.parametrize(
    ("line", "options", "answer"),
    [
        ("tag new", {}, "name is missing: the new tag's name"),
        ("tag new", {"name": "a b"}, "A tag's name has up to 40 letters"),
        ("tag new", {"name": "x", "colour": "red"}, "There is no option colour here. There is: name, reaction."),
        ("tag new", {"name": "x" * 301}, "name is too long: at most 300 characters."),
        ("tag list", {"x": "y"}, "There is: none."),
        ("channel mode", {"mode": "loud"}, "mode must be one of: off, listening, on_mention, helping."),
        ("tag drop", {"tag": "nope"}, "There is no tag “nope”."),
        ("team remove", {"team": "nope"}, "There is no team “nope”."),
        ("route remove", {"route": "#7"}, "There is no route “#7”."),
        ("insight show", {"insight": "{0}"}, "There is no insight “{0}”."),
        ("insight show", {"insight": "9" * 200}, "There is no insight"),
        ("channel show", {"channel": "#nowhere"}, "I know no channel “#nowhere”."),
        ("team add", {"name": "T", "channel": "general"}, "#general can't get cards"),
    ],
)
async def test_what_cannot_be_done_is_said_with_what_can(
    stage: Stage, line: str, options: dict[str, str], answer: str
) -> None:
    assert answer in await stage.command(ADA, line, options)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([(c.noun, v) for c in COMMANDS for v in c.verbs if v.name != "erase"]), st.data())
async def test_nothing_typed_into_any_command_breaks_it(stage: Stage, verb: tuple, data: st.DataObject) -> None:
    noun, declared = verb
    typed = {option.name: data.draw(st.text(max_size=40)) for option in declared.options}

    assert await stage.command(ADA, f"{noun} {declared.name}", typed)


async def test_help_tells_everybody_what_they_may_do(stage: Stage) -> None:
    customer, staff, admin = [await stage.command(who, "help show") for who in (ANNA, SAM, ADA)]

    assert "/privacy: What is kept of you: show, " in customer
    assert "/insight" not in customer
    assert "/insight: What customers said that the company should know: show, list, " in staff
    assert "/team: Who acts, and where their cards appear: list" in staff
    assert "add" not in staff.partition("/team: ")[2].splitlines()[0]
    assert "/team: Who acts, and where their cards appear: add, " in admin
    assert customer.startswith("I am a bot.")


async def test_tags_are_made_listed_and_dropped(stage: Stage) -> None:
    assert "no tags yet" in await stage.command(SAM, "tag list")
    assert ":package:" in await stage.command(ADA, "tag new", {"name": "#Export", "reaction": "package"})
    await stage.command(ADA, "tag new", {"name": "billing"})

    listed = await stage.command(SAM, "tag list")
    assert "export: :package:" in listed
    assert "billing: no reaction" in listed

    await stage.command(ADA, "tag drop", {"tag": "EXPORT"})
    assert "export" not in await stage.command(SAM, "tag list")


async def test_teams_and_routes_are_added_listed_and_removed(stage: Stage) -> None:
    assert "no teams yet" in await stage.command(SAM, "team list")
    assert "no routes yet" in await stage.command(SAM, "route list")
    await stage.command(ADA, "tag new", {"name": "export"})
    await stage.with_team(kind="problem", tag="export", words="crash, slow")

    assert "Product: #product" in await stage.command(SAM, "team list")
    listed = await stage.command(SAM, "route list")
    assert "Route 1: to Product: tagged export and of the kind Problem and saying crash, slow" in listed

    await stage.command(ADA, "route remove", {"route": "1"})
    assert "no routes yet" in await stage.command(SAM, "route list")
    await stage.command(ADA, "team remove", {"team": "product"})
    assert "no teams yet" in await stage.command(SAM, "team list")
    async with stage.look() as (uow, _):
        assert await uow.schedules.next_due() is None


async def test_a_team_added_again_moves_and_is_no_second(stage: Stage) -> None:
    await stage.with_team()
    other = replace(PRODUCT, channel=ChannelId("office"), name="office")
    await stage.open_channel(other, Mode.OFF)

    await stage.command(ADA, "team add", {"name": "PRODUCT", "channel": "office"})

    assert await stage.command(SAM, "team list") == "Teams, and where their cards appear:\nProduct: #office"


async def test_a_channel_is_shown_and_changed(stage: Stage) -> None:
    assert "speak when addressed" in await stage.command(SAM, "channel show")
    await stage.command(ADA, "channel mode", {"mode": "off"})
    said = await stage.say(ANNA, DROPS)
    assert await stage.message(said) is None

    answer = await stage.command(ADA, "channel audience", {"audience": "internal", "channel": "<#secluded>"})
    assert "the company alone" in answer

    watched = replace(GENERAL, shared=Shared.UNKNOWN)
    assert "may read along" in await stage.command(SAM, "channel show", place=watched)


async def test_insights_are_listed_by_demand_and_shown_with_their_history(stage: Stage) -> None:
    assert "Nothing is open" in await stage.command(SAM, "insight list")
    await stage.say(ANNA, "I wish there was a dark mode, please add one")
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)
    await stage.command(SAM, "insight plan", {"insight": "2", "reason": "soon"})

    listed = await stage.command(SAM, "insight list")
    assert listed.index(f"Problem #2, 2 people, planned: {DROPS}") < listed.index("Request #1, 1 person, new")

    shown = await stage.command(SAM, "insight show", {"insight": "2"})
    assert f"> {DROPS}\n— Anna" in shown
    assert "2026-03-02: planned, by Sam: soon" in shown
    assert "[" not in shown


async def test_staff_looking_insights_up_are_shown_no_private_words(stage: Stage) -> None:
    await stage.say(ANNA, DROPS, place=SECLUDED)

    for line, options in (("insight list", {}), ("insight show", {"insight": "1"})):
        answer = await stage.command(SAM, line, options)
        assert "export" not in answer
        assert "said where not everybody here can read it" in answer


async def test_completion_offers_what_there_is_to_those_who_may(stage: Stage) -> None:
    await stage.command(ADA, "tag new", {"name": "export"})
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.say(ANNA, "This search is so slow, it crashes with an error", place=SECLUDED)

    async def offered(who: object, line: str, option: str, typed: str = "") -> list[tuple[str, str]]:
        noun, verb = line.split()
        found = await stage.interactions.complete(SPACE, who, noun, verb, option, typed)
        return [(choice.value, choice.label) for choice in found]

    assert await offered(SAM, "tag add", "tag", "EXP") == [("export", "export")]
    assert await offered(ADA, "route add", "team") == [("Product", "Product")]
    assert await offered(ADA, "route add", "kind", "pr") == [("problem", "problem"), ("praise", "praise")]
    assert await offered(ADA, "route remove", "route") == [("1", "1: to Product")]
    assert ("general", "#general") in await offered(ADA, "team add", "channel", "gen")
    assert sorted(await offered(SAM, "insight show", "insight", "#")) == [
        ("1", f"#1 {DROPS}"),
        ("2", "#2 said where not everybody here can read it"),
    ]
    assert await offered(ANNA, "insight show", "insight") == []
    assert await offered(SAM, "route add", "team") == []
    assert await offered(SAM, "no such", "thing") == []


async def test_what_completion_shows_is_one_short_line_and_masked(stage: Stage) -> None:
    await stage.open_channel(replace(PRODUCT, name="pro\u202educt\nmail ada@example.com " + "x" * 200), Mode.OFF)

    found = await stage.interactions.complete(SPACE, ADA, "team", "add", "channel", "pro")

    (label,) = [choice.label for choice in found]
    assert label.startswith("#product mail [e-mail] xxx")
    assert len(label) <= 75
