from dataclasses import replace
from datetime import timedelta

import pytest

from knowledge_base.channels import Mode, Shared
from knowledge_base.ids import ChannelId
from knowledge_base.kinds import Kind
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, SECLUDED, Stage

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"


async def test_an_insight_a_route_means_gets_one_card_with_quote_author_link_and_demand(stage: Stage) -> None:
    await stage.with_team()

    said = await stage.say(ANNA, DROPS)

    card = stage.card()
    assert card.split("\n")[0] == DROPS
    assert "Problem #1: 1 person" in card
    assert f"> {DROPS}\n— Anna https://chat.example/general/{said}" in card
    assert "Sent by: route 1" in card
    assert [*stage.buttons()] == ["acknowledge", "plan", "ship", "decline", "dismiss", "ask", "into", "kinds", "note"]
    assert any("route 1: sent to Product" in reason for reason in (await stage.message(said)).reasons)


async def test_another_voice_changes_the_card_and_sends_no_second(stage: Stage) -> None:
    await stage.with_team()

    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)

    assert "2 people" in stage.card()
    assert "— Ben" in stage.card()


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"kind": "request"}, [DARK]),
        ({"kind": "problem"}, [DROPS]),
        ({"words": "dark mode, invoices"}, [DARK]),
        ({"words": "drop"}, []),
        ({"kind": "request", "words": "export"}, []),
        ({}, [DROPS, DARK]),
    ],
)
async def test_a_route_sends_what_meets_all_its_conditions(
    stage: Stage, conditions: dict[str, str], expected: list[str]
) -> None:
    await stage.with_team(**conditions)

    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DARK)

    assert [sent.post.blocks[0].text.text for sent in stage.cards()] == expected


async def test_two_routes_to_one_team_send_one_card(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "route add", {"team": "Product", "kind": "problem"})

    await stage.say(ANNA, DROPS)

    assert len(stage.cards()) == 1


async def test_peers_13_a_team_whose_channel_outsiders_read_gets_no_card_and_the_reason_is_kept(stage: Stage) -> None:
    await stage.with_team()
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.YES)

    said = await stage.say(ANNA, DROPS)

    assert stage.cards() == []
    assert any(
        "own people alone read the channel of Product" in reason for reason in (await stage.message(said)).reasons
    )


async def test_peers_13_words_leave_a_card_whose_channel_outsiders_read_now(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.UNKNOWN)

    await stage.say(BEN, DROPS)

    assert "export" not in stage.card()
    assert "Anna" not in stage.card()


async def test_peers_13_cards_are_hidden_when_an_admin_says_that_others_read_their_channel(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)

    await stage.command(ADA, "channel audience", {"audience": "members"}, PRODUCT)
    assert stage.card() == "This card is hidden, because others than the team can read this channel now."

    await stage.command(ADA, "channel audience", {"audience": "internal"}, PRODUCT)
    assert f"> {DROPS}" in stage.card()


async def test_what_hides_within_a_secret_hides_it_from_no_title(stage: Stage) -> None:
    await stage.with_team()

    card = "4111\u200b 1111\u200b 1111 1111"
    await stage.say(
        ANNA, f"The checkout crashes with an error on the very last page of it, I pay with {card} every time"
    )

    assert "4111" not in stage.card()


async def test_private_words_stay_private_until_their_author_allows(stage: Stage) -> None:
    await stage.with_team()

    await stage.say(ANNA, DROPS, place=SECLUDED)
    assert "export" not in stage.card()
    assert "Anna" not in stage.card()
    assert "https" not in stage.card()
    assert "said where not everybody here can read it" in stage.card()

    await stage.command(ANNA, "privacy private", {"allow": "on"})
    assert f"> {DROPS}\n— Anna" in stage.card()

    await stage.command(ANNA, "privacy private", {"allow": "off"})
    assert "export" not in stage.card()


async def test_a_card_quotes_each_member_once_and_three_at_most_those_that_may_be_shown_first(stage: Stage) -> None:
    await stage.with_team()
    for who in (BEN, CARA):
        await stage.command(who, "privacy private", {"allow": "on"})
    for who in (ANNA, BEN, BEN, CARA, SAM):
        await stage.say(who, DROPS, place=SECLUDED)

    card = stage.card()
    assert card.count("> ") == 2
    assert card.index("— Ben") < card.index("— Cara") < card.rindex("said where not everybody here can read it")


async def test_secrets_and_addresses_are_masked_on_the_card(stage: Stage) -> None:
    await stage.with_team()

    await stage.say(ANNA, "The login is broken, it crashes for anna@example.com")

    assert "anna@example.com" not in stage.card()
    assert "broken" in stage.card()


async def test_a_tag_added_later_sends_the_card_to_the_team_that_wants_it(stage: Stage) -> None:
    await stage.command(ADA, "tag new", {"name": "export", "reaction": "package"})
    await stage.with_team(tag="export")
    said = await stage.say(ANNA, DROPS)
    assert stage.cards() == []

    await stage.react(SAM, said, "package")

    assert "Tags: export" in stage.card()
    assert (await stage.insight_of(said)).kind is Kind.PROBLEM


async def test_the_same_state_gives_the_same_card(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    first = stage.card()
    await stage.say(BEN, "good morning")
    await stage.say(CARA, DROPS)
    await stage.delete("m" + str(stage.count))

    assert stage.card() == first


# ---- conditions, as commands give them

OFFICE = replace(PRODUCT, channel=ChannelId("office"), name="office")


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"words": "export", "kind": "request"}, []),
        ({"words": "export", "kind": "request", "join": "any"}, [DROPS, DARK]),
        ({"tone": "neutral"}, [DROPS, DARK]),
        ({"tone": "positive"}, []),
        ({"language": "EN"}, [DROPS, DARK]),
        ({"language": "de"}, []),
        ({"channel": "general"}, [DROPS, DARK]),
        ({"channel": "product"}, []),
        ({"space": "memory"}, [DROPS, DARK]),
        ({"demand": "2"}, []),
        ({"area": "export"}, [DROPS]),
    ],
)
async def test_routes_ask_for_what_was_said_where_by_how_many(
    stage: Stage, conditions: dict[str, str], expected: list[str]
) -> None:
    await stage.command(ADA, "topic add", {"kind": "area", "name": "Export", "words": "export"})
    await stage.open_channel(GENERAL)
    await stage.with_team(**conditions)

    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DARK)

    assert [sent.post.blocks[0].text.text for sent in stage.cards()] == expected


async def test_a_route_waits_until_enough_people_have_said_it(stage: Stage) -> None:
    await stage.with_team(demand="2")
    await stage.say(ANNA, DROPS)
    assert stage.cards() == []
    await stage.say(BEN, DROPS)
    assert "2 people" in stage.card()


async def test_customers_of_a_tier_are_known_by_their_groups_and_stay_so_where_none_are_told(stage: Stage) -> None:
    assert "no tiers yet" in await stage.command(SAM, "tier list")
    assert "tier Enterprise" in await stage.command(ADA, "tier add", {"group": "<@&77>", "name": "Enterprise"})
    assert "Enterprise: 77" in await stage.command(SAM, "tier list")
    await stage.with_team(tier="enterprise")

    await stage.say(BEN, DARK)
    assert stage.cards() == []
    await stage.say(replace(ANNA, groups=("77", "9")), "good morning")
    await stage.say(ANNA, DROPS)
    assert DROPS in stage.card()
    await stage.say(BEN, DROPS)
    assert "Tiers: Enterprise 1, none 1" in stage.card()

    await stage.say(replace(ANNA, groups=("9",)), "good evening")
    await stage.say(ANNA, "The login page crashes with an error")
    assert len(stage.cards()) == 1
    await stage.command(ADA, "tier remove", {"group": "77"})
    assert "77 means no tier" in await stage.command(ADA, "tier remove", {"group": "77"})


async def test_a_route_to_several_teams_sends_each_one_card_and_outlives_one_of_them(stage: Stage) -> None:
    await stage.with_team()
    await stage.open_channel(OFFICE, Mode.OFF)
    await stage.command(ADA, "team add", {"name": "Office", "channel": "office"})
    await stage.command(ADA, "route remove", {"route": "1"})
    await stage.command(ADA, "route add", {"team": "Product", "also": "office, product", "kind": "problem"})
    assert "to Product, Office: of the kind" in await stage.command(SAM, "route list")

    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)
    assert sorted(sent.ref.channel for sent in stage.cards()) == ["office", "product"]

    await stage.command(ADA, "team remove", {"team": "Product"})
    assert "to Office: of the kind" in await stage.command(SAM, "route list")
    await stage.say(CARA, "The login page crashes with an error")
    assert [sent.ref.channel for sent in stage.cards()][2:] == ["office"]


async def test_a_card_says_which_rule_sent_it_also_when_rules_have_changed(stage: Stage) -> None:
    await stage.with_team(kind="problem")
    await stage.say(ANNA, DROPS)
    await stage.command(ADA, "route remove", {"route": "1"})
    await stage.command(ADA, "route add", {"team": "Product"})

    await stage.say(BEN, DROPS)

    assert "2 people" in stage.card()
    assert "Sent by: route 1" in stage.card()


async def test_a_paused_route_sends_nothing_until_it_is_resumed(stage: Stage) -> None:
    await stage.with_team()
    assert "sends nothing" in await stage.command(ADA, "route pause", {"route": "1"})
    assert "(paused)" in await stage.command(SAM, "route list")
    await stage.say(ANNA, DROPS)
    assert stage.cards() == []

    assert "sends again" in await stage.command(ADA, "route resume", {"route": "1"})
    assert "(paused)" not in await stage.command(SAM, "route list")
    await stage.say(BEN, DROPS)
    assert "2 people" in stage.card()


async def test_a_route_is_tested_on_what_was_heard_in_the_last_month(stage: Stage) -> None:
    await stage.with_team(words="export")
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DARK)
    shipped = stage.buttons()["ship"]
    await stage.press(SAM, shipped)

    tested = await stage.command(ADA, "route test", {"route": "1"})
    assert "Of 2 insights heard in the last 30 days it would have sent 1: saying export." in tested
    assert DROPS in tested
    assert "would have sent none" in await stage.command(ADA, "route test", {"words": "invoice"})
    both = await stage.command(ADA, "route test", {"words": "export", "kind": "request", "join": "any"})
    assert "would have sent 2: of the kind request or saying export." in both.lower()
    assert DARK in both
    assert len(stage.cards()) == 1

    stage.clock.advance(timedelta(days=31))
    assert "Of 0 insights" in await stage.command(ADA, "route test", {"route": "1"})


async def test_a_test_shows_private_words_only_as_their_author_allows(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS, place=SECLUDED)
    tested = await stage.command(ADA, "route test", {"route": "1"})
    assert "would have sent 1" in tested
    assert "export" not in tested


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"area": "Moon"}, "There is no area “Moon”"),
        ({"tier": "Gold"}, "There is no tier “Gold”"),
        ({"language": "en, klingon"}, "“klingon” is no code of a language"),
        ({"space": "Elsewhere"}, "I am on no platform “Elsewhere” here"),
        ({"demand": "0"}, "demand must be a whole number from 1 to 100000"),
        ({"demand": "many"}, "demand must be a whole number from 1 to 100000"),
        ({"also": "Nobody"}, "There is no team “Nobody”"),
        ({"channel": "nowhere"}, "I know no channel “nowhere”"),
        ({"tone": "loud"}, "tone must be one of"),
        ({"deliver": "tomorrow"}, "deliver must be one of"),
    ],
)
async def test_a_route_for_what_there_is_not_is_refused(stage: Stage, options: dict[str, str], refusal: str) -> None:
    await stage.with_team()
    assert refusal in await stage.command(ADA, "route add", {"team": "Product", **options})
    assert "Route 2" not in await stage.command(SAM, "route list")
