from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.capturing.memory import remembered
from dialogue.events import MemberChanged, MessageEdited, Place
from dialogue.understanding.memory import ChannelState
from knowledge_base.channels import Audience, Mode
from knowledge_base.ids import ChannelId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, SECLUDED, SPACE, Stage, person

DROPS = "The export drops my tags, this is broken"


async def test_what_a_customer_reports_becomes_an_insight_called_by_their_own_words(stage: Stage) -> None:
    said = await stage.say(ANNA, f"Hi all! {DROPS}. I tried twice already, no luck whatsoever today.")

    insight = await stage.insight_of(said)
    assert insight
    assert (insight.number, insight.kind, insight.status, insight.demand) == (1, Kind.PROBLEM, Status.NEW, 1)
    assert insight.title == f"{DROPS}."


async def test_the_same_words_of_two_people_are_one_insight_with_two_voices(stage: Stage) -> None:
    first = await stage.say(ANNA, DROPS)
    second = await stage.say(BEN, DROPS)

    one, other = await stage.insight_of(first), await stage.insight_of(second)
    assert one == other
    assert one
    assert one.demand == 2


async def test_another_problem_is_another_insight(stage: Stage) -> None:
    first = await stage.say(ANNA, DROPS)
    second = await stage.say(BEN, "The login page crashes with an error on my phone")

    assert (await stage.insight_of(first)).id != (await stage.insight_of(second)).id


async def test_who_joins_in_voices_what_they_answer_and_those_who_join_elsewhere_do_not_meet(stage: Stage) -> None:
    tags = await stage.say(ANNA, DROPS)
    joined = await stage.say(BEN, "same here", reply_to=tags)
    login = await stage.say(ANNA, "The login page crashes with an error on my phone")
    other = await stage.say(CARA, "same here", reply_to=login)

    assert (await stage.insight_of(joined)).id == (await stage.insight_of(tags)).id
    assert (await stage.insight_of(other)).id == (await stage.insight_of(login)).id
    assert (await stage.insight_of(tags)).demand == 2


async def test_who_joined_in_is_nobodys_nearest_in_meaning(stage: Stage) -> None:
    tags = await stage.say(ANNA, DROPS)
    await stage.say(BEN, "same here", reply_to=tags)
    alone = await stage.say(CARA, "same here", place=SECLUDED)

    await stage.command(ADA, "tag new", {"name": "problem"})

    await stage.command(SAM, "tag add", {"message": f"secluded/{alone}", "tag": "problem"})

    assert (await stage.insight_of(alone, SECLUDED)).kind is Kind.PROBLEM
    assert (await stage.insight_of(alone, SECLUDED)).id != (await stage.insight_of(tags)).id


async def test_chatter_and_what_staff_or_bots_say_is_kept_but_voices_nothing(stage: Stage) -> None:
    for who, text in ((ANNA, "good morning"), (SAM, DROPS), (person("robot", Role.BOT), DROPS)):
        said = await stage.say(who, text)
        assert await stage.message(said)
        assert await stage.insight_of(said) is None
    assert (await stage.message(said)).kind is Kind.CHATTER


async def test_a_channel_that_is_off_keeps_nothing(stage: Stage) -> None:
    await stage.open_channel(GENERAL, Mode.OFF)

    said = await stage.say(ANNA, DROPS)

    assert await stage.message(said) is None


@pytest.mark.parametrize(
    ("text", "live", "mode", "why"),
    [
        ("good morning", True, Mode.LISTENING, "only listen"),
        ("good morning", True, Mode.ON_MENTION, "nobody addressed me"),
        ("good morning @Parley", True, Mode.ON_MENTION, "no answer"),
        ("good morning", False, Mode.HELPING, "read later"),
    ],
)
async def test_peers_01_silence_is_a_decision_with_a_recorded_reason(
    stage: Stage, text: str, live: bool, mode: Mode, why: str
) -> None:
    await stage.open_channel(GENERAL, mode)

    said = await stage.say(ANNA, text, live=live)

    assert why in (await stage.message(said)).reasons[-1]
    assert stage.chat.sent == []


async def test_a_message_told_again_after_its_key_was_forgotten_is_not_kept_twice(stage: Stage) -> None:
    event = stage.posted(ANNA, DROPS)
    await stage.happen(event)
    stage.clock.advance(timedelta(days=40))
    async with stage.storage.begin() as uow:
        await uow.inbox.forget(stage.clock.now())
        await uow.commit()

    before = await stage.message(event.message)

    await stage.happen(event)

    assert len((await stage.states.get(GENERAL.lane, _never)).recent) == 1
    assert await stage.message(event.message) == before


async def test_peers_02_a_reply_belongs_to_the_conversation_it_answers(stage: Stage) -> None:
    first = await stage.say(ANNA, DROPS)
    await stage.say(CARA, "good morning everybody")
    answer = await stage.say(BEN, "which version is it?", reply_to=first)

    answered = await stage.message(answer)
    assert answered.reply_to == stage.name(first)
    assert answered.conversation == (await stage.message(first)).conversation


async def test_a_lane_forgotten_and_loaded_again_remembers_the_same(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, "ben here, anna: which version?")
    await stage.say(person("robot", Role.BOT), "build passed")
    lived = await stage.states.get(GENERAL.lane, _never)

    stage.states.forget(GENERAL.lane)
    assert _told(await _loaded(stage)) == _told(lived)


async def test_a_lane_remembers_an_edit_a_deletion_and_a_tag_as_storage_does(stage: Stage) -> None:
    first = await stage.say(ANNA, DROPS)
    second = await stage.say(BEN, "good morning")
    for change in (
        stage.edit(BEN, second, "good evening"),
        stage.command(SAM, "tag add", {"message": second}),
        stage.delete(first),
    ):
        await _loaded(stage)
        await change
        remembered_now = _told(await _loaded(stage))
        stage.states.forget(GENERAL.lane)
        assert remembered_now == _told(await _loaded(stage))


async def _never() -> ChannelState:
    raise AssertionError("the lane should be remembered")


async def _loaded(stage: Stage) -> ChannelState:
    class Asked:
        states = stage.states

    async with stage.look() as (uow, community):
        asked = Asked()
        asked.uow, asked.community = uow, community
        return await remembered(asked, GENERAL.space, GENERAL.channel, stage.understanding)


def _told(state: ChannelState) -> list[object]:
    """All of it but what the platform recorded as replied to, which is used once, when the message is judged."""
    return [
        (j.prepared.words, j.prepared.names, j.prepared.seconds, j.prepared.signs, j.prepared.heard.author, j.kind,
         j.conversation, j.reply_to, j.confidence, j.prepared.heard.thread, j.prepared.heard.text)
        for j in state.recent
    ]  # fmt: skip


async def test_an_edit_is_followed_and_an_unchanged_text_is_none(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    before = await stage.message(said)
    await stage.edit(ANNA, said, DROPS)
    assert replace(await stage.message(said), version="") == before

    await stage.edit(ANNA, said, "The export drops all my labels, this is broken")

    insight = await stage.insight_of(said)
    assert insight.number == 1
    assert insight.title == "The export drops all my labels, this is broken"
    assert (await stage.message(said)).conversation == before.conversation


async def test_peers_12_an_edit_can_make_and_unmake_a_voice(stage: Stage) -> None:
    said = await stage.say(ANNA, "good morning")

    await stage.edit(ANNA, said, DROPS)
    assert (await stage.insight_of(said)).demand == 1

    await stage.edit(ANNA, said, "good morning")
    assert await stage.insight_of(said) is None
    assert await stage.open_insights() == []


async def test_peers_12_an_edit_back_to_the_first_words_is_not_undone_by_one_before_it(stage: Stage) -> None:
    said = await stage.say(ANNA, "one two three")
    now = stage.clock.now()
    await stage.happen(MessageEdited(GENERAL, ANNA, said, "one two three", "3", now))
    await stage.happen(MessageEdited(GENERAL, ANNA, said, "four five six", "2", now))

    assert (await stage.message(said)).text == "one two three"


async def test_an_edited_voice_among_others_that_says_another_kind_of_thing_moves_on(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    other = await stage.say(BEN, DROPS)

    await stage.edit(ANNA, said, "I wish there was a dark mode, please add one")

    moved = await stage.insight_of(said)
    assert moved.kind is Kind.REQUEST
    stayed = await stage.insight_of(other)
    assert (stayed.demand, stayed.titled_by) == (1, stage.name(other))


async def test_what_is_written_to_the_bot_alone_is_heard_and_stays_private(stage: Stage) -> None:
    await stage.with_team()
    direct = Place(SPACE, ChannelId("dm"), "Anna", Audience.PRIVATE, direct=True)
    said = await stage.say(ANNA, DROPS, direct)
    assert (await stage.insight_of(said, direct)).demand == 1
    assert DROPS not in stage.card()
    await stage.command(ANNA, "privacy private", {"allow": "on"})
    assert DROPS in stage.card()


async def test_what_its_author_labelled_as_a_tag_is_called_goes_where_that_tag_goes(stage: Stage) -> None:
    await stage.command(ADA, "tag new", {"name": "export"})
    await stage.with_team(tag="export")
    await stage.say(ANNA, "Please add a dark mode to the app", labels=("Ideas",))
    said = await stage.say(BEN, DROPS, labels=("Help", "Export"))
    assert (await stage.insight_of(said)).tags == ("export",)
    assert DROPS in stage.card()
    assert "its author's label here is the tag export" in (await stage.message(said)).reasons


async def test_who_has_another_name_or_role_is_known_by_it(stage: Stage) -> None:
    said = await stage.say(ANNA, "hello")
    await stage.happen(MemberChanged(SPACE, replace(ANNA, name="Ann", role=Role.ADMIN), "c1", stage.clock.now()))
    async with stage.look() as (uow, community):
        member = await uow.members.get(community, (await stage.message(said)).author)
    assert (member.name, member.role) == ("Ann", Role.ADMIN)


async def test_who_took_everything_back_while_their_new_name_was_waiting_stays_without_one(stage: Stage) -> None:
    said = await stage.say(ANNA, "hello")
    await stage.sink.accept([MemberChanged(SPACE, replace(ANNA, name="Ann"), "c1", stage.clock.now())])
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        member = (await uow.messages.get(community, stage.name(said))).author
        await uow.members.forget_name(community, member)
        await uow.commit()
    await stage.happen()
    async with stage.look() as (uow, community):
        assert (await uow.members.get(community, member)).name == ""


async def test_an_insight_whose_first_voice_goes_is_called_by_the_next(stage: Stage) -> None:
    await stage.with_team()
    first = await stage.say(ANNA, "The export drops my tags, this is broken", place=SECLUDED)
    second = await stage.say(BEN, "The export drops my tags, this is broken", place=SECLUDED)

    await stage.delete(first, SECLUDED)

    (insight,) = await stage.open_insights()
    assert insight.demand == 1
    assert insight.titled_by == stage.name(second, SECLUDED)
    assert "export" not in stage.card()


async def test_what_a_history_tells_as_deleted_is_a_tombstone_the_lane_does_not_remember(stage: Stage) -> None:
    said = await stage.say(ANNA, "what it said", live=False, deleted=True)

    gone = await stage.message(said)
    assert (gone.deleted, gone.text, gone.author_name, gone.link) == (True, "", "", None)
    assert (await stage.states.get(GENERAL.lane, _empty)).recent == ()


async def _empty() -> ChannelState:
    return ChannelState()


async def test_our_own_posts_are_not_captured(stage: Stage) -> None:
    said = await stage.say(person("parley", Role.BOT), "hello")

    assert await stage.message(said) is None


@pytest.mark.parametrize("text", ["\0", "\ud800 broken", "x" * 40_000, "'; DROP TABLE messages; --", "@everyone <b>"])
async def test_no_text_breaks_anything(stage: Stage, text: str) -> None:
    said = await stage.say(ANNA, text)

    assert await stage.message(said)


@pytest.mark.parametrize("batch", [1, 3, 64])
async def test_what_is_understood_does_not_depend_on_batches(stage: Stage, batch: int) -> None:
    stage.worker._batch = batch
    texts = [DROPS, "same here", "which version?", "The login page crashes with an error", DROPS, "good morning"]
    people = [ANNA, BEN, SAM, CARA, BEN, ANNA]
    events = [stage.posted(who, text) for who, text in zip(people, texts, strict=True)]

    await stage.happen(*events)

    rows = [await stage.message(event.message) for event in events]
    found = [await stage.insight_of(event.message) for event in events]
    summary = [
        (row.kind, row.conversation, insight.number if insight else None)
        for row, insight in zip(rows, found, strict=True)
    ]
    assert summary == await _one_by_one(stage, people, texts)


async def _one_by_one(stage: Stage, people: list, texts: list) -> list:
    """The same in another channel, one at a time; named as there."""
    place = replace(GENERAL, channel=PRODUCT.channel, name="elsewhere")
    await stage.open_channel(place, Mode.LISTENING)
    for who, text in zip(people, texts, strict=True):
        await stage.say(who, text, place=place)
    names = {f"c:{stage.name(f'm{i + 7}', place)}": f"c:{stage.name(f'm{i + 1}')}" for i in range(6)}
    summary = []
    for i in range(6):
        row, insight = await stage.message(f"m{i + 7}", place), await stage.insight_of(f"m{i + 7}", place)
        summary.append((row.kind, names[row.conversation], insight.number if insight else None))
    return summary
