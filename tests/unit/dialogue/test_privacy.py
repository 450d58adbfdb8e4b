from dataclasses import replace

from dialogue.events import Place
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId
from knowledge_base.members import Consent, Recording
from tests.unit.dialogue.stage import ADA, ANNA, BEN, SAM, SECLUDED, SPACE, TESS, Stage

DROPS = "The export drops my tags, this is broken"


async def test_peers_11_everybody_sees_what_is_kept_of_them_and_what_they_chose_when(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.say(ANNA, "only between us", place=SECLUDED)

    shown = await stage.command(ANNA, "privacy show")
    assert "Messages: 2" in shown
    assert "Insights you voice: 1" in shown
    assert "What you say from now on: kept" in shown
    assert "Your choice: none made" in shown
    assert "> only between us\n— #secluded" in shown

    await stage.command(ANNA, "privacy stop")
    await stage.command(ANNA, "privacy private", {"allow": "on"})
    await stage.command(ANNA, "privacy naming", {"as": "first"})
    shown = await stage.command(ANNA, "privacy show")
    unnamed = "named by: your name here; not in public credits; by /privacy"
    assert f"2026-03-02: not kept; private words: no; {unnamed}\n" in shown
    assert "2026-03-02: not kept; private words: yes; named by: your first name; by /privacy" in shown


async def test_every_place_shows_a_customer_under_the_name_that_they_chose(stage: Stage) -> None:
    await stage.with_team()
    anna = replace(ANNA, name="Anna Berg")
    said = await stage.say(anna, DROPS)
    assert f"> {DROPS}\n— Anna Berg" in stage.card()

    assert "under this name from now on: Anna." in await stage.command(anna, "privacy naming", {"as": "first"})
    assert f"> {DROPS}\n— Anna http" in stage.card()

    assert "from now on: somebody." in await stage.command(anna, "privacy naming", {"as": "anonymous"})
    assert f"> {DROPS}\n— somebody" in stage.card()
    insight = await stage.command(SAM, "insight show", {"insight": "1"})
    why = await stage.command(SAM, "why show", {"message": f"https://chat.example/general/{said}"})
    assert "somebody" in insight
    assert "Anna" not in insight + why + stage.card()


async def test_everybody_sees_which_teams_were_shown_what_they_said(stage: Stage) -> None:
    await stage.say(ANNA, "The invoice page is empty since today")
    await stage.with_team()
    await stage.say(ANNA, DROPS)

    shown = await stage.command(ANNA, "privacy show")
    assert "Where your latest insights went:\nProblem #2: card for Product\nProblem #1: to no team" in shown
    assert "Nobody is on record as having looked" in shown
    assert "Where your" not in await stage.command(BEN, "privacy show")


async def test_everybody_sees_who_looked_at_what_they_said_and_when_and_nothing_of_others(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)
    other = await stage.say(BEN, "I wish there was a dark mode, please add one")
    chatter = await stage.say(ANNA, "good morning everybody")
    await stage.command(SAM, "insight show", {"insight": "#1"})
    await stage.command(SAM, "insight show", {"insight": "2"})
    await stage.command(TESS, "why show", {"message": f"https://chat.example/general/{said}"})
    await stage.command(SAM, "why show", message=chatter)
    await stage.command(SAM, "why show", message=other)
    await stage.press(TESS, stage.buttons()["acknowledge"])
    await stage.command(BEN, "insight show", {"insight": "1"})  # refused

    shown = await stage.command(ANNA, "privacy show")
    _, _, readers = shown.partition("Who looked at what you said, or acted on it:\n")
    when = stage.clock.now().isoformat(" ", "minutes")[:16]
    looked = [
        f"{when} UTC: Tess (staff): acknowledge, Problem #1",
        f"{when} UTC: Sam (staff): /why show, a message of yours",
        f"{when} UTC: Tess (staff): /why show, a message of yours",
        f"{when} UTC: Sam (staff): /insight show, Problem #1",
    ]
    assert sorted(readers.splitlines()[:4]) == sorted(looked)
    assert "#2" not in shown
    assert "Ben" not in shown
    for _ in range(9):
        await stage.command(SAM, "insight show", {"insight": "1"})
    assert "…: 3 more before" in await stage.command(ANNA, "privacy show")

    own = await stage.say(SAM, "I look into it")
    await stage.command(SAM, "why show", message=own)
    assert "Nobody is on record" in await stage.command(SAM, "privacy show")


async def test_who_stopped_is_not_recorded_until_they_resume(stage: Stage) -> None:
    await stage.say(ANNA, "good morning")
    await stage.command(ANNA, "privacy stop")
    unheard = await stage.say(ANNA, DROPS)
    assert await stage.message(unheard) is None

    await stage.command(ANNA, "privacy resume")
    heard = await stage.say(ANNA, DROPS)
    assert await stage.message(heard)


async def test_consent_is_checked_again_when_a_message_is_judged(stage: Stage) -> None:
    await stage.say(ANNA, "good morning")
    queued = stage.posted(ANNA, DROPS)
    await stage.sink.accept([queued])
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(queued.place.space)
        known = await uow.messages.get(community, stage.name("m1"))
        await uow.members.consent(community, known.author, Consent(Recording.STOPPED, changed_at=stage.clock.now()))
        await uow.commit()

    while await stage.worker.run_once():
        pass

    assert await stage.message(queued.message) is None


async def test_stopping_before_ever_being_heard_works(stage: Stage) -> None:
    await stage.command(ANNA, "privacy stop")

    assert await stage.message(await stage.say(ANNA, DROPS)) is None


async def test_peers_24_deleting_reaches_every_copy_and_nobody_elses_words(stage: Stage) -> None:
    await stage.with_team()
    mine = [await stage.say(ANNA, DROPS), await stage.say(ANNA, "good morning"), await stage.say(ANNA, "hm", SECLUDED)]
    other = await stage.say(BEN, DROPS)

    answer = await stage.command(ANNA, "privacy erase")

    assert answer.startswith("3 messages of yours are erased with your name, and no card shows them any more.")
    assert answer.endswith("Your account's id, your role and your choices stay.")
    for name, place in zip(mine, ("general", "general", "secluded"), strict=True):
        gone = await stage.message(name, *([SECLUDED] if place == "secluded" else []))
        assert (gone.text, gone.author_name) == ("", "")
    assert "Anna" not in stage.card()
    assert "1 person" in stage.card()
    assert f"> {DROPS}\n— Ben" in stage.card()
    assert (await stage.message(other)).text == DROPS
    async with stage.look() as (uow, community):
        assert (await uow.members.get(community, (await stage.message(mine[0])).author)).name == ""
    assert "Messages: 0" in await stage.command(ANNA, "privacy show")


async def test_the_card_of_an_insight_that_only_they_voiced_says_that_it_is_gone(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight plan", {"insight": "1"})

    assert "1 message of yours is erased" in await stage.command(ANNA, "privacy erase")

    assert stage.card() == "The people who said this have taken it back, or it is not kept any longer."
    assert "export" not in await stage.command(SAM, "insight show", {"insight": "1"})


async def test_nobody_reads_anothers_words_by_asking_about_privacy(stage: Stage) -> None:
    await stage.say(ANNA, "only between us", place=SECLUDED)

    assert "between us" not in await stage.command(ADA, "privacy show")


async def test_what_was_written_to_the_bot_alone_is_told_without_a_channels_name(stage: Stage) -> None:
    direct = Place(SPACE, ChannelId("dm"), "Anna Kowalska", Audience.PRIVATE, direct=True)
    await stage.say(ANNA, "the export drops my tags", direct)
    assert "to me alone" in await stage.command(ANNA, "privacy show")
    await stage.command(ANNA, "privacy erase")
    async with stage.look() as (uow, _):
        assert (await uow.channels.get(SPACE, direct.channel)).name == ""
