"""Where a community asks first, nothing of anybody is kept before they say yes, and they are asked once."""

from dialogue.plain import plain_text
from knowledge_base.members import Policy, Recording
from tests.unit.dialogue.stage import ADA, ANNA, BEN, SAM, SPACE, Stage
from tests.unit.dialogue.test_trust import left

DROPS = "The export drops my tags, this is broken"


def asked(stage: Stage) -> list[str]:
    """Who got the question, one entry for each time."""
    return [sent.to for sent in stage.chat.sent if "May I keep what you say" in plain_text(sent.post)]


async def ask_first(stage: Stage) -> None:
    answer = await stage.command(ADA, "community policy", {"policy": "opt-in"})
    assert answer.startswith("I keep nothing of anybody who has not agreed")


async def test_nothing_is_stored_of_who_has_not_agreed_but_that_they_were_asked(stage: Stage, tmp_path) -> None:
    await ask_first(stage)
    said = await stage.say(ANNA, DROPS)

    assert await stage.message(said) is None
    assert asked(stage) == [ANNA.account]
    file = next(path for path in tmp_path.rglob("*") if path.read_bytes()[:6] == b"SQLite")
    assert set(left(file, "export")) == set()
    assert set(left(file, "Anna")) == set()
    async with stage.look() as (uow, community):
        assert await uow.members.behind(community, SPACE, ANNA.account) is None


async def test_they_are_asked_once_ever_and_silence_is_no_yes(stage: Stage) -> None:
    await ask_first(stage)
    for _ in range(3):
        await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)

    assert asked(stage) == [ANNA.account, BEN.account]
    assert await stage.open_insights() == []


async def test_who_says_yes_is_kept_from_then_on(stage: Stage) -> None:
    await ask_first(stage)
    before = await stage.say(ANNA, DROPS)
    assert "From now on I keep what you say" in await stage.press(ANNA, "consent_yes::")

    after = await stage.say(ANNA, DROPS)
    assert await stage.message(before) is None
    assert (await stage.message(after)).text == DROPS
    assert "by a button of mine" in await stage.command(ANNA, "privacy show")


async def test_who_says_no_is_kept_nothing_of_and_not_asked_again(stage: Stage) -> None:
    await ask_first(stage)
    await stage.say(ANNA, DROPS)
    assert "won't ask again" in await stage.press(ANNA, "consent_no::")

    assert await stage.message(await stage.say(ANNA, DROPS)) is None
    assert asked(stage) == [ANNA.account]
    async with stage.look() as (uow, community):
        member = await uow.members.behind(community, SPACE, ANNA.account)
    assert (member.name, member.consent.recording) == ("", Recording.STOPPED)


async def test_the_policy_is_asked_again_when_what_waited_is_judged(stage: Stage) -> None:
    await stage.say(BEN, "good morning")
    queued = stage.posted(ANNA, DROPS)
    await stage.sink.accept([queued])
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        await uow.communities.choose_policy(community, Policy.OPT_IN)
        await uow.commit()

    await stage.happen()

    assert await stage.message(queued.message) is None
    async with stage.look() as (uow, community):
        assert await uow.members.behind(community, SPACE, ANNA.account) is None


async def test_a_naming_alone_is_no_yes(stage: Stage) -> None:
    await ask_first(stage)
    await stage.command(ANNA, "privacy naming", {"as": "name"})
    assert await stage.message(await stage.say(ANNA, DROPS)) is None
    assert "not kept before you agree: /privacy resume" in await stage.command(ANNA, "privacy show")


async def test_under_notice_who_chose_nothing_is_kept_and_nobody_is_asked(stage: Stage) -> None:
    await ask_first(stage)
    answer = await stage.command(ADA, "community policy", {"policy": "notice"})
    assert "For example in a channel's topic" in answer or "for example in a channel's topic" in answer
    assert await stage.message(await stage.say(ANNA, DROPS))
    assert asked(stage) == []
    assert "kept, until /privacy stop" in await stage.command(ANNA, "privacy show")


async def test_only_admins_choose_the_policy(stage: Stage) -> None:
    assert "admins" in await stage.command(SAM, "community policy", {"policy": "opt-in"})
