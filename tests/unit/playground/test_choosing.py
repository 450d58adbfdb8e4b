"""Menus and pictures in what the bot says."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from adapters.playground.cast import SPACE
from adapters.playground.clock import MovableClock
from adapters.playground.facts import MenuBlock
from adapters.playground.gateway import LARGEST_PICTURE, Playground
from adapters.playground.platform import Platform
from dialogue.actions import OutboxId
from dialogue.errors import Refused, Rejected
from dialogue.events import ChannelChanged, Event, MessagePosted, OptionsSelected, ReplyHandle, Selected, dedupe_key
from dialogue.posts import Choices, Menu, Paragraph, Picture, Post, plain
from dialogue.rows import SentRef
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId

ANNA, ADA = AccountId("anna"), AccountId("ada")
COMMUNITY, STAFF, FORUM = ChannelId("community"), ChannelId("staff"), ChannelId("support-forum")
TEAM, HELPING, GROUPS = "setup_team::", "setup_helping::", "setup_staff::"
SETUP = Post(
    (
        Paragraph("Where do my cards go?"),
        Menu("Choose a channel", TEAM, Choices.CHANNELS),
        Menu("Choose channels", HELPING, Choices.CHANNELS, 25, (COMMUNITY,)),
        Menu("Choose groups", GROUPS, Choices.GROUPS),
    )
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = Platform(tmp_path, MovableClock())
    yield platform
    platform.close()


async def set_up(platform: Platform) -> SentRef:
    """The post with its menus, in the staff's channel, where all staff can see it."""
    return await Playground(platform).send(SPACE, STAFF, None, SETUP, OutboxId("k"))


async def told(platform: Platform) -> Sequence[Event]:
    _, events = await platform.undelivered()
    return events


def shown(platform: Platform, ref: SentRef) -> dict[str, tuple[str, ...]]:
    blocks = platform.state.messages[ref.message].blocks
    return {block.custom_id: block.selected for block in blocks if isinstance(block, MenuBlock)}


async def test_a_choice_is_told_after_what_each_channel_is(platform: Platform) -> None:
    ref = await set_up(platform)
    platform.choose(ADA, ref.message, HELPING, [FORUM, STAFF, FORUM])
    forum, staff, chosen = await told(platform)
    assert isinstance(forum, ChannelChanged)
    assert isinstance(staff, ChannelChanged)
    assert isinstance(chosen, OptionsSelected)
    assert (forum.place.channel, forum.place.audience) == (FORUM, Audience.PUBLIC)
    assert (staff.place.channel, staff.place.audience) == (STAFF, Audience.INTERNAL)
    assert chosen.selected == (Selected(FORUM, "support-forum"), Selected(STAFF, "staff"))
    assert (chosen.actor.account, chosen.place.channel, chosen.message) == (ADA, STAFF, ref.message)


async def test_a_choice_can_be_answered_to_who_made_it_alone(platform: Platform) -> None:
    ref = await set_up(platform)
    platform.choose(ADA, ref.message, TEAM, [STAFF])
    chosen = (await told(platform))[-1]
    assert isinstance(chosen, OptionsSelected)
    await Playground(platform).reply(SPACE, STAFF, ADA, chosen.handle, plain("Done."), OutboxId("k2"))
    assert [message.to for message in platform.state.messages.values()] == [None, ADA]
    with pytest.raises(Rejected):
        await Playground(platform).reply(SPACE, STAFF, ANNA, chosen.handle, plain("Done."), OutboxId("k3"))


async def test_a_menu_goes_on_showing_what_was_chosen_also_after_a_restart(platform: Platform, tmp_path: Path) -> None:
    ref = await set_up(platform)
    assert shown(platform, ref) == {TEAM: (), HELPING: (COMMUNITY,), GROUPS: ()}
    platform.choose(ADA, ref.message, TEAM, [STAFF])
    platform.choose(ADA, ref.message, HELPING, [])
    again = Platform(tmp_path, MovableClock())
    assert shown(platform, ref) == shown(again, ref) == {TEAM: (STAFF,), HELPING: (), GROUPS: ()}


async def test_what_was_chosen_before_a_kill_is_told_after_it_under_the_same_keys(
    platform: Platform, tmp_path: Path
) -> None:
    ref = await set_up(platform)
    platform.choose(ADA, ref.message, HELPING, [FORUM, STAFF])
    before = [dedupe_key(event) for event in await told(platform)]
    after = [dedupe_key(event) for event in await told(Platform(tmp_path, MovableClock()))]
    assert before == after
    assert len(set(after)) == 3


@pytest.mark.parametrize(
    ("by", "custom_id", "channels", "sentence"),
    [
        (ADA, TEAM, [COMMUNITY, STAFF], "at most 1"),
        (ADA, TEAM, [ChannelId("nowhere")], "not among"),
        (ADA, TEAM, [ChannelId("direct-anna")], "not among"),
        (ADA, GROUPS, [STAFF], "not among"),
        (ADA, "plan:1:0", [STAFF], "no longer there"),
        (ANNA, TEAM, [COMMUNITY], "Only staff"),
        (AccountId("nobody"), TEAM, [COMMUNITY], "nobody here"),
    ],
)
async def test_what_cannot_be_chosen_is_refused_with_a_sentence(
    platform: Platform, by: AccountId, custom_id: str, channels: list[ChannelId], sentence: str
) -> None:
    ref = await set_up(platform)
    before = platform.state.number
    with pytest.raises(Refused, match=sentence):
        platform.choose(by, ref.message, custom_id, channels)
    assert platform.state.number == before


async def test_nobody_chooses_from_what_another_alone_may_see(platform: Platform) -> None:
    platform.command(ADA, COMMUNITY, "setup", "show", {})
    token, asked = next(iter(platform.state.asked.items()))
    handle = ReplyHandle(token, asked.expires_at)
    await Playground(platform).reply(SPACE, COMMUNITY, ADA, handle, SETUP, OutboxId("k"))
    answer = list(platform.state.messages)[-1]
    with pytest.raises(Refused, match="no longer there"):
        platform.choose(ANNA, answer, TEAM, [STAFF])
    platform.choose(ADA, answer, TEAM, [STAFF])


async def test_a_picture_that_is_too_large_is_rejected(platform: Platform) -> None:
    chat = Playground(platform)
    await chat.send(SPACE, STAFF, None, Post((Picture(bytes(LARGEST_PICTURE), "a chart"),)), OutboxId("k1"))
    with pytest.raises(Rejected, match="at most"):
        await chat.send(SPACE, STAFF, None, Post((Picture(bytes(LARGEST_PICTURE + 1), "a chart"),)), OutboxId("k2"))


async def test_a_talk_between_one_person_and_the_bot_is_said_to_be_one(platform: Platform) -> None:
    platform.say(ANNA, ChannelId("direct-anna"), "are you there?")
    platform.say(ANNA, COMMUNITY, "hello")
    direct, public = await told(platform)
    assert isinstance(direct, MessagePosted)
    assert isinstance(public, MessagePosted)
    assert (direct.place.direct, direct.place.audience, public.place.direct) == (True, Audience.PRIVATE, False)
