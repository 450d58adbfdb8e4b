import pytest

from knowledge_base.kinds import Kind
from knowledge_base.taggings import taggings
from tests.models import Told
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, SAM, SECLUDED, TESS, Stage

IDEA = "on fridays I copy the rows into a spreadsheet"


@pytest.fixture
async def tagged(stage: Stage) -> Stage:
    await stage.with_team()
    await stage.command(ADA, "tag new", {"name": "export", "reaction": ":package:"})
    return stage


def memo(stage: Stage, message: str) -> bool:
    return (GENERAL.channel, message, "memo") in stage.chat.reactions


async def test_staff_keep_a_message_with_a_reaction_whatever_it_was_judged_to_be(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    assert await tagged.insight_of(said) is None

    await tagged.react(SAM, said, "package")

    insight = await tagged.insight_of(said)
    assert (insight.kind, insight.tags, insight.title) == (Kind.REQUEST, ("export",), IDEA)
    assert memo(tagged, said)
    assert IDEA in tagged.card()


async def test_customers_reactions_and_other_emoji_do_nothing(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.react(BEN, said, "package")
    await tagged.react(SAM, said, "tada")

    assert await tagged.insight_of(said) is None
    assert tagged.chat.reactions == set()


async def test_a_reaction_taken_back_undoes_what_it_did(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    before = await tagged.message(said)
    await tagged.react(SAM, said, "package")

    await tagged.react(SAM, said, "package", present=False)

    assert await tagged.insight_of(said) is None
    assert await tagged.message(said) == before
    assert not memo(tagged, said)
    assert IDEA not in tagged.card()


async def test_what_was_judged_by_what_it_means_is_so_again_once_a_tag_is_taken_off(tagged: Stage) -> None:
    """By its words a request, by what they mean as well a problem."""
    twice = Stage(tagged.storage, classifier=Told({IDEA: (Kind.REQUEST, 0.6)}, second=(Kind.PROBLEM, 0.9)))
    said = await twice.say(ANNA, IDEA)
    before = await twice.message(said)
    assert (before.kind, before.confidence) == (Kind.PROBLEM, 0.9)
    await twice.react(SAM, said, "package")

    await twice.react(SAM, said, "package", present=False)

    assert await twice.message(said) == before
    assert (await twice.insight_of(said)).kind is Kind.PROBLEM


async def test_a_reaction_undoes_only_what_it_did(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    await tagged.react(SAM, said, "package")
    await tagged.command(TESS, "tag add", {"message": said, "tag": "export"})

    await tagged.react(TESS, said, "package", present=False)
    await tagged.react(SAM, said, "package", present=False)

    assert (await tagged.insight_of(said)).tags == ("export",)
    assert memo(tagged, said)


async def test_the_same_reaction_told_twice_counts_once(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.react(SAM, said, "package")
    await tagged.react(SAM, said, "package")

    assert len(taggings((await tagged.message(said)).reasons)) == 1


async def test_a_message_is_kept_from_its_menu_without_a_tag(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)

    answer = await tagged.command(SAM, "tag add", message=said)

    assert answer == "Kept as insight #1."
    assert (await tagged.insight_of(said)).tags == ()


async def test_where_the_bot_only_listens_it_answers_a_reaction_by_one_and_is_silent_otherwise(tagged: Stage) -> None:
    by_command, by_reaction = await tagged.say(ANNA, IDEA, SECLUDED), await tagged.say(BEN, "hello", SECLUDED)

    await tagged.command(SAM, "tag add", {"tag": "export"}, SECLUDED, message=by_command)
    assert tagged.chat.reactions == set()

    await tagged.react(SAM, by_reaction, "package", SECLUDED)
    assert tagged.chat.reactions == {(SECLUDED.channel, by_reaction, "memo")}


@pytest.mark.parametrize("link", ["https://chat.example/channels/space/general/{}", "space/general/{}", "{}"])
async def test_a_message_is_named_by_link_or_id(tagged: Stage, link: str) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.command(SAM, "tag add", {"message": link.format(said), "tag": "EXPORT"})

    assert (await tagged.insight_of(said)).tags == ("export",)


async def test_what_staff_kept_survives_an_edit(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    await tagged.react(SAM, said, "package")

    await tagged.edit(ANNA, said, "good morning")

    insight = await tagged.insight_of(said)
    assert (insight.kind, insight.tags, insight.title) == (Kind.REQUEST, ("export",), "good morning")


async def test_a_tag_is_taken_off_by_command_and_a_voice_by_its_own_words_stays(tagged: Stage) -> None:
    said = await tagged.say(ANNA, "The export drops my tags, this is broken")
    await tagged.react(SAM, said, "package")

    answer = await tagged.command(TESS, "tag remove", {"message": said, "tag": "export"})

    assert "off" in answer
    assert (await tagged.insight_of(said)).tags == ()


async def test_two_messages_tagged_alike_that_say_the_same_are_one_insight(tagged: Stage) -> None:
    first, second = await tagged.say(ANNA, IDEA), await tagged.say(BEN, IDEA)

    await tagged.react(SAM, first, "package")
    await tagged.react(SAM, second, "package")

    assert (await tagged.insight_of(first)).demand == 2


async def test_a_message_that_was_never_kept_is_refused_in_words(tagged: Stage) -> None:
    answer = await tagged.command(SAM, "tag add", {"message": "m99", "tag": "export"})

    assert "I have not kept the message “m99”" in answer
