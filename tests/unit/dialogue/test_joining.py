"""Two spaces become one community, and two accounts one person; each by a code that somebody confirms."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.events import Actor, Place, Selected
from dialogue.setting_up import REPORTS, STAFF
from knowledge_base.channels import Audience, Mode
from knowledge_base.ids import AccountId, ChannelId, SpaceId
from knowledge_base.members import Consent, Recording, Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, SAM, SECLUDED, SPACE, Stage

ELSEWHERE = SpaceId("elsewhere")
LOBBY = Place(ELSEWHERE, ChannelId("lobby"), "lobby", Audience.PUBLIC)
ANN = Actor(AccountId("u7"), "ann k", Role.CUSTOMER)
BOSS = Actor(AccountId("u1"), "boss", Role.ADMIN)
DROPS = "The export drops my tags, this is broken"


def code_in(said: str) -> str:
    return re.search(r"code:(\w{8})", said).group(1)


async def joined(stage: Stage) -> None:
    code = code_in(await stage.command(ADA, "community invite"))
    await stage.command(BOSS, "community join", {"code": code}, LOBBY)
    said = await stage.command(ADA, "community confirm", {"code": code, "space": ELSEWHERE})
    assert "is part of this community from now on" in said


async def communities(stage: Stage) -> list[str | None]:
    async with stage.storage.read() as uow:
        return [await uow.communities.of_space(SPACE), await uow.communities.of_space(ELSEWHERE)]


async def test_a_space_joins_with_all_that_was_said_there(stage: Stage) -> None:
    await stage.say(ANNA, "good morning")
    heard = await stage.say(ANN, "hello from here", LOBBY)
    before = await communities(stage)
    assert before[0] != before[1]

    await joined(stage)

    home, there = await communities(stage)
    assert home == there == before[0]
    kept = await stage.message(heard, LOBBY)
    assert kept.text == "hello from here"
    async with stage.storage.read() as uow:
        assert (await uow.members.get(home, kept.author)).name == "ann k"
        assert (await uow.channels.get(ELSEWHERE, LOBBY.channel)).community == home
        assert await uow.communities.spaces(home) == [ELSEWHERE, SPACE]
    later = await stage.say(ANN, "still here", LOBBY)
    assert (await stage.message(later, LOBBY)).community == home
    assert "elsewhere" in await stage.command(SAM, "community show")


async def test_who_is_staff_and_where_admins_are_told_comes_along(stage: Stage) -> None:
    back = Place(ELSEWHERE, ChannelId("back"), "back", Audience.PRIVATE)
    await stage.select(BOSS, STAFF, Selected("r1", "Support"), place=LOBBY)
    await stage.select(BOSS, REPORTS, back, place=LOBBY)
    await joined(stage)
    home, _ = await communities(stage)
    async with stage.storage.read() as uow:
        assert await uow.communities.admin_channel(home) == (ELSEWHERE, "back")
    assert "Nothing is open" in await stage.command(replace(ANN, groups=("r1",)), "insight list", place=LOBBY)


async def test_who_said_yes_to_partners_there_is_none_here_and_loses_the_role_that_went_with_it(stage: Stage) -> None:
    await stage.say(ANN, "hello from here", LOBBY)
    stage.chat.miss(stage.posted(ANN, "hello", LOBBY))  # so that the platform knows her
    await stage.command(BOSS, "partner channel", {"role": "inner"}, LOBBY)
    await stage.happen(stage.invoked(BOSS, "partner invite", {"person": "u7"}, LOBBY))
    await stage.happen(stage.pressed(ANN, "partner_yes::", LOBBY))
    assert stage.chat.roles == {("u7", "inner")}
    await joined(stage)
    await stage.happen()
    assert stage.chat.roles == set()
    await stage.command(ADA, "partner channel", {"role": "club"})
    assert "Nobody was invited" in await stage.command(SAM, "partner list")
    assert stage.chat.roles == set()


async def test_who_invites_is_told_who_entered_before_anything_happens(stage: Stage) -> None:
    code = code_in(await stage.command(ADA, "community invite"))
    assert "Nobody has entered" in await stage.command(ADA, "community confirm", {"code": code})
    said = await stage.command(BOSS, "community join", {"code": code.lower()}, LOBBY)
    assert "Ada (Memory)" in said
    asked = await stage.command(ADA, "community confirm", {"code": code})
    assert "boss on Memory wants to join with the space elsewhere" in asked
    await stage.command(ADA, "community confirm", {"code": code, "space": "another"})
    home, there = await communities(stage)
    assert home != there
    # nobody but the inviting community confirms
    assert "Nobody has entered" in await stage.command(
        BOSS, "community confirm", {"code": code, "space": ELSEWHERE}, LOBBY
    )


async def test_a_code_is_used_once_and_holds_ten_minutes(stage: Stage) -> None:
    code = code_in(await stage.command(ADA, "community invite"))
    stage.clock.advance(timedelta(minutes=10))
    assert "older than ten minutes" in await stage.command(BOSS, "community join", {"code": code}, LOBBY)
    await joined(stage)
    used = code_in(await stage.command(ADA, "link new"))
    assert "not known" in await stage.command(BOSS, "community join", {"code": used}, LOBBY)


@pytest.mark.parametrize("verb", ["invite", "join", "confirm"])
async def test_only_admins_join_communities(stage: Stage, verb: str) -> None:
    options = {} if verb == "invite" else {"code": "ABCDEFGH"}
    assert "admin" in await stage.command(SAM, f"community {verb}", options)


async def test_what_has_begun_does_not_join_another(stage: Stage) -> None:
    await stage.say(ANN, DROPS, LOBBY)
    code = code_in(await stage.command(ADA, "community invite"))
    assert "must be new" in await stage.command(BOSS, "community join", {"code": code}, LOBBY)
    assert "one community already" in await stage.command(ADA, "community join", {"code": code})


async def test_two_accounts_of_one_person_count_once(stage: Stage) -> None:
    await joined(stage)
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.say(ANN, DROPS, LOBBY)
    (insight,) = await stage.open_insights()
    assert insight.demand == 2

    code = code_in(await stage.command(ANNA, "link new"))
    entered = await stage.command(ANN, "link enter", {"code": code}, LOBBY)
    assert "ann k here (Memory) and Anna (Memory)" in entered
    assert (await stage.open_insights())[0].demand == 2
    assert "you are Anna (Memory) here too" in await stage.command(ANN, "link confirm", {"code": code}, LOBBY)

    (insight,) = await stage.open_insights()
    assert insight.demand == 1
    assert "1 person" in stage.card()
    shown = await stage.command(ANN, "link show", place=LOBBY)
    assert "anna" in shown
    assert "u7" in shown
    assert "Messages: 2" in await stage.command(ANNA, "privacy show")
    again = await stage.command(ANN, "link confirm", {"code": code}, LOBBY)
    assert "not known" in again


async def test_nobody_is_linked_by_somebody_else(stage: Stage) -> None:
    await stage.say(BEN, "good morning")
    code = code_in(await stage.command(ANNA, "link new"))
    assert "your own code" in await stage.command(ANNA, "link enter", {"code": code})
    assert "Nobody has entered" in await stage.command(BEN, "link confirm", {"code": code})
    assert "another community" in await stage.command(ANN, "link enter", {"code": code}, LOBBY)


async def test_what_either_account_refused_stays_refused(stage: Stage) -> None:
    await joined(stage)
    await stage.open_channel(GENERAL, Mode.LISTENING)
    await stage.command(ANN, "privacy stop", place=LOBBY)
    code = code_in(await stage.command(ANNA, "link new"))
    await stage.command(ANN, "link enter", {"code": code}, LOBBY)
    await stage.command(ANN, "link confirm", {"code": code}, LOBBY)
    unheard = await stage.say(ANNA, DROPS)
    assert await stage.message(unheard) is None
    async with stage.look() as (uow, community):
        member = await uow.members.see(community, SPACE, ANNA.account, "Anna", Role.CUSTOMER, "fresh")
        history = await uow.members.consent_history(community, member.id)
    assert member.consent.recording is Recording.STOPPED
    assert Consent(Recording.STOPPED, share_private=False, changed_at=member.consent.changed_at) in history


async def linked(stage: Stage) -> None:
    code = code_in(await stage.command(ANNA, "link new"))
    await stage.command(ANN, "link enter", {"code": code}, LOBBY)
    await stage.command(ANN, "link confirm", {"code": code}, LOBBY)


async def test_private_words_leave_the_cards_when_the_other_account_never_allowed_them(stage: Stage) -> None:
    await joined(stage)
    await stage.with_team()
    await stage.open_channel(SECLUDED)
    await stage.command(ANNA, "privacy private", {"allow": "on"})
    await stage.say(ANNA, DROPS, SECLUDED)
    assert DROPS in stage.card()
    await stage.say(ANN, "good morning", LOBBY)
    await linked(stage)
    assert DROPS not in stage.card()


async def test_who_tagged_by_reaction_takes_it_back_after_linking(stage: Stage) -> None:
    await joined(stage)
    await stage.command(ADA, "tag new", {"name": "bug", "reaction": "bug"})
    sam = replace(ANN, role=Role.STAFF)
    said = await stage.say(BEN, "we always paste the rows by hand", LOBBY)
    await stage.react(sam, said, "bug", LOBBY)
    assert await stage.insight_of(said, LOBBY)
    await linked(stage)
    await stage.react(sam, said, "bug", LOBBY, present=False)
    assert await stage.insight_of(said, LOBBY) is None


async def test_codes_of_who_was_linked_meanwhile_are_theirs_still(stage: Stage) -> None:
    await joined(stage)
    theirs = code_in(await stage.command(ANN, "link new", place=LOBBY))
    await stage.command(BEN, "link enter", {"code": theirs})
    await linked(stage)
    assert "you are Anna" in await stage.command(BEN, "link confirm", {"code": theirs})


async def test_a_space_that_let_in_another_meanwhile_does_not_join(stage: Stage) -> None:
    third = replace(LOBBY, space=SpaceId("third"))
    code = code_in(await stage.command(ADA, "community invite"))
    await stage.command(BOSS, "community join", {"code": code}, LOBBY)
    inner = code_in(await stage.command(BOSS, "community invite", place=LOBBY))
    await stage.command(replace(BOSS, account=AccountId("u9")), "community join", {"code": inner}, third)
    await stage.command(BOSS, "community confirm", {"code": inner, "space": "third"}, LOBBY)
    assert "must be new" in await stage.command(ADA, "community confirm", {"code": code, "space": ELSEWHERE})
