import pytest

from knowledge_base.channels import Mode, Shared
from knowledge_base.kinds import Kind
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, PRODUCT, SAM, SECLUDED, Stage

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
    assert [*stage.buttons()] == ["acknowledge", "plan", "ship", "decline", "dismiss", "into", "kinds", "note"]
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
    assert any("not sent to Product" in reason for reason in (await stage.message(said)).reasons)


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
