"""Who else said what a message says, in their own words."""

from dialogue.posts import Quote
from tests.unit.dialogue.stage import ANNA, BEN, CARA, SAM, SECLUDED, Stage, person

DROPS = "The export drops my tags, this is broken"


async def voices(stage: Stage, message: str) -> str:
    """Asked from the message's menu."""
    return await stage.command(SAM, "insight voices", message=message)


async def test_everybody_who_said_it_is_quoted_with_their_name(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    said = await stage.say(BEN, DROPS)
    await stage.say(CARA, "Please add a dark mode to the app")
    answer = await voices(stage, said)
    assert "Problem #1: 2 people" in answer
    assert answer.index("Anna") < answer.index("Ben")
    assert "Cara" not in answer


async def test_a_message_that_is_no_voice_is_told_so_and_one_not_kept_too(stage: Stage) -> None:
    said = await stage.say(ANNA, "good morning")
    assert await voices(stage, said) == "That message has not become part of an insight."
    assert "I have not kept the message" in await voices(stage, "m404")


async def test_private_words_are_withheld(stage: Stage) -> None:
    await stage.open_channel(SECLUDED)
    await stage.say(ANNA, f"{DROPS} really", SECLUDED)
    said = await stage.say(BEN, f"{DROPS} really")
    answer = await voices(stage, said)
    assert answer.count(DROPS) == 1
    assert "Anna" not in answer


async def test_of_many_the_first_ten_are_quoted_and_the_rest_counted(stage: Stage) -> None:
    for number in range(12):
        said = await stage.say(person(f"p{number}"), DROPS)
    answer = await voices(stage, said)
    quotes = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Quote)]
    assert len(quotes) == 10
    assert "… and 2 more." in answer
