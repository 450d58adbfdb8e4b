"""Private notes: staff read them on the cards, nobody else reads them anywhere."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.errors import Refused
from dialogue.fence import Private, may_pass
from dialogue.notes import words_of
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.ids import ChannelId, CommunityId, MemberId, MessageId, NoteId
from knowledge_base.members import Role
from knowledge_base.notes import Note
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, PRODUCT, SAM, SPACE, START, TESS, Stage

DROPS = "The export drops my tags, this is broken"
SECRET = "big customer, call Wanda before friday"


@pytest.fixture
async def noted(stage: Stage) -> Stage:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.submit(SAM, stage.buttons()["note"], {"text": f"  {SECRET} "})
    return stage


async def test_a_note_stands_on_the_card_with_who_wrote_it(noted: Stage) -> None:
    assert f"Note by Sam, 2026-03-02: {SECRET}" in noted.card()
    assert SECRET in await noted.command(TESS, "insight show", {"insight": "1"}, PRODUCT)


async def test_the_form_asks_for_it_and_without_one_it_is_said_how(noted: Stage) -> None:
    note = noted.buttons()["note"]
    form = await noted.interactions.open_form(SPACE, SAM, note)
    assert (form.title, [field.limit for field in form.fields]) == ("Note about Problem #1", [300])
    with pytest.raises(Refused):
        await noted.interactions.open_form(SPACE, ANNA, note)
    assert "/insight note insight:1" in await noted.press(SAM, note)
    assert await noted.submit(ANNA, note, {"text": "mine"}) == "Only staff can do that."
    assert "mine" not in noted.card()


async def test_customers_read_it_nowhere(noted: Stage) -> None:
    await noted.press(SAM, noted.buttons()["ship"])
    for line in ("privacy show", "help show"):
        assert SECRET not in await noted.command(ANNA, line)
    assert SECRET not in await noted.command(ANNA, "insight show", {"insight": "1"})
    assert all(SECRET not in str(sent.post) for sent in noted.chat.sent if sent.ref.channel == GENERAL.channel)


async def test_a_card_that_outsiders_read_hides_it(noted: Stage) -> None:
    await noted.press(SAM, noted.buttons()["plan"], replace(PRODUCT, shared=Shared.YES))
    assert SECRET not in noted.card()


async def test_it_goes_where_its_voice_goes_and_comes_back(noted: Stage) -> None:
    await noted.say(BEN, "Search crashes whenever I open it, please fix")
    await noted.command(SAM, "insight merge", {"insight": "1", "into": "2"}, PRODUCT)
    assert SECRET in noted.shown(1)
    assert SECRET not in noted.shown(0)
    await noted.command(SAM, "insight undo", {"insight": "1"}, PRODUCT)
    assert SECRET in noted.shown(0)
    assert SECRET not in noted.shown(1)


async def test_it_is_gone_with_what_it_is_about(noted: Stage) -> None:
    await noted.delete("m3")
    assert SECRET not in noted.card()
    async with noted.look() as (uow, community):
        assert await uow.notes.by_member(community, (await uow.members.behind(community, SPACE, SAM.account)).id) == []


async def test_it_is_gone_with_who_wrote_it(noted: Stage) -> None:
    await noted.command(SAM, "privacy erase")
    assert DROPS in noted.card()
    assert SECRET not in noted.card()


async def test_what_looks_like_a_secret_is_masked(noted: Stage) -> None:
    await noted.command(ADA, "insight note", {"insight": "1", "text": "key AKIAIOSFODNN7EXAMPLE"}, PRODUCT)
    assert "AKIAIOSFODNN7EXAMPLE" not in noted.card()
    assert "Note by Ada" in noted.card()


@given(st.sampled_from(Audience), st.sampled_from(Shared), st.sampled_from(Role), st.text())
def test_a_note_passes_to_own_people_only(audience: Audience, shared: Shared, role: Role, name: str) -> None:
    """Whatever a channel is called: also where the note was written it goes only if it is an internal one."""
    acme = CommunityId("acme")
    channel = Channel(acme, SPACE, ChannelId(name), name, audience, Mode.HELPING, shared)
    note = Note(NoteId("n"), acme, MessageId("m"), MemberId("sam"), SECRET, START)

    assert may_pass(words_of(note), channel) is (audience is Audience.INTERNAL and shared is Shared.NO)
    assert may_pass(words_of(note), Private(acme, MemberId("anna"), role)) is role.may(Role.STAFF)
