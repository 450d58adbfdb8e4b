"""A team asks those who said something, reads their answers below the card, and answers them from there."""

from dataclasses import replace
from datetime import timedelta

from adapters.language.masking import PatternMasker
from adapters.memory.chat import Sent
from dialogue.commands.catalogue import COMMANDS
from dialogue.events import Place, PlaceDeleted
from dialogue.fence import Fence
from dialogue.interactions import Interactions
from dialogue.plain import plain_text
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import ChannelId, PlatformMessageId
from tests.stage import ADA, ANNA, BEN, CARA, HELP, PRIVATE, PRODUCT, SAM, Stage, button

TEXTS = Texts.load()
DROPS = "The export drops my tags, this is broken"
WHICH = "Which browser do you use?"


def thread(root: PlatformMessageId, place: Place = HELP) -> Place:
    """The thread of a message."""
    return replace(place, thread=root)


def card(play: Stage) -> Sent:
    return play.cards()[0]


def below_card(play: Stage) -> list[Sent]:
    """What stands in the thread of the card."""
    return [sent for sent in play.cards() if sent.thread == card(play).ref.message]


def asked(play: Stage) -> list[Sent]:
    """The posts by which customers are asked, in channels and directly."""
    return [sent for sent in play.chat.sent if "The product team asks" in plain_text(sent.post)]


async def member(play: Stage, who: str) -> str:
    """By what a form names somebody."""
    interactions = Interactions(play.storage, TEXTS, COMMANDS, Fence(PatternMasker(), TEXTS))
    form = await interactions.open_form(PRODUCT.space, SAM, button(card(play), "Ask the customers…"))
    whom = next(field for field in form.fields if field.name == "whom")
    return next(one.value for one in whom.alternatives if one.label.startswith(who))


async def ask(play: Stage, *whom: str, text: str = WHICH) -> None:
    """Sam asks these people from the card."""
    members = [await member(play, who) for who in whom]
    play.submit(SAM, button(card(play), "Ask the customers…"), text=text, whom="\n".join(members))
    await play.settle()


async def reported(play: Stage) -> tuple[PlatformMessageId, PlatformMessageId]:
    """Anna and Ben say the same; their messages."""
    messages = play.say(ANNA, DROPS), play.say(BEN, DROPS)
    await play.settle()
    return messages


async def test_a_manager_asks_two_customers_their_answers_come_below_the_card_and_one_is_answered(play: Stage) -> None:
    anna, ben = await reported(play)
    play.say(CARA, DROPS)
    await play.settle()
    await ask(play, "Anna", "Ben")
    assert [(sent.ref.channel, sent.thread) for sent in asked(play)] == [(HELP.channel, ben), (HELP.channel, anna)]
    assert all(f"The product team asks: {WHICH}" in plain_text(sent.post) for sent in asked(play))
    assert "needs info, by Sam" in plain_text(card(play).post)
    assert [plain_text(sent.post) for sent in below_card(play)][-1] == f"Sam asked 2 people: {WHICH}"

    play.say(ANNA, "Firefox, the newest one", thread(anna))
    play.say(CARA, "nice weather today", thread(ben))
    await play.settle()
    answer = below_card(play)[-1]
    assert "Answer 1" in plain_text(answer.post)
    assert "Firefox, the newest one" in plain_text(answer.post)
    assert "Anna" in plain_text(answer.post)
    assert not any("weather" in shown for shown in play.shown(PRODUCT))

    play.submit(SAM, button(answer, "Reply to the customer…"), text="Thank you, we look into it.")
    await play.settle()
    said = play.chat.sent[-3:]
    there = next(sent for sent in said if sent.ref.channel == HELP.channel)
    assert (there.thread, plain_text(there.post)) == (anna, "The product team: Thank you, we look into it.")
    assert "Sam replied to answer 1: Thank you, we look into it." in plain_text(below_card(play)[-1].post)

    play.say(CARA, "It is Safari for me", thread(anna), reply_to=there.ref.message)
    await play.settle()
    assert "It is Safari for me" in plain_text(below_card(play)[-1].post)


async def test_peers_13_a_staff_remark_in_the_teams_thread_stays_there(play: Stage) -> None:
    play.command(ADA, "channel mode", PRODUCT, mode="listening")
    anna, _ = await reported(play)
    await ask(play, "Anna")
    play.say(ANNA, "Firefox", thread(anna))
    await play.settle()
    before = len(play.chat.sent)
    root = card(play).ref.message
    play.say(SAM, "she is always complaining, ignore her", thread(root, PRODUCT))
    play.say(SAM, "yes, ignore", thread(root, PRODUCT), reply_to=below_card(play)[-1].ref.message)
    play.say(SAM, "I look into it myself", thread(anna), reply_to=asked(play)[0].ref.message)
    await play.settle()
    assert len(play.chat.sent) == before
    assert not any("ignore" in shown for shown in play.shown(HELP))


async def test_peers_14_the_bridge_keeps_its_own_map_does_not_echo_and_a_deleted_parent_is_one_edit(
    play: Stage,
) -> None:
    play.command(ADA, "channel mode", PRIVATE, mode="on_mention")
    anna, _ = await reported(play)
    await ask(play, "Anna")
    answers = [play.say(ANNA, text, thread(anna)) for text in ("Firefox", "on a Mac", "version 3")]
    await play.settle()
    carried = below_card(play)[-3:]
    before = len(play.chat.sent)

    play.edit(ANNA, answers[1], "on Windows, sorry", thread(anna))
    play.delete(answers[2], thread(anna))
    await play.settle()
    shown = [plain_text(sent.post) for sent in below_card(play)[-3:]]
    assert [sent.ref for sent in below_card(play)[-3:]] == [sent.ref for sent in carried]
    assert "on Windows, sorry" in shown[1]
    assert shown[2] == "Answer 3 was taken back."
    assert len(play.chat.sent) == before

    # what the bot itself said comes back from the platform: it goes nowhere
    own = replace(ANNA, account=play.chat.identity().account, name="Parley")
    play.say(own, f"The product team asks: {WHICH}", thread(anna))
    # the same id in another channel is another message
    play.say(ANNA, "unrelated", replace(PRIVATE, thread=anna))
    play.say(CARA, "good morning", PRIVATE, reply_to=asked(play)[0].ref.message)
    await play.settle()
    assert len(play.chat.sent) == before

    play.chat.happen(PlaceDeleted(thread(anna), play.clock.now()))
    await play.settle()
    assert [plain_text(sent.post) for sent in below_card(play)[-3:]] == [
        f"Answer {number} was taken back." for number in (1, 2, 3)
    ]
    assert len(play.chat.sent) == before


async def test_peers_23_the_bridge_goes_on_after_a_restart_in_the_middle(play: Stage) -> None:
    anna, _ = await reported(play)
    whom = await member(play, "Anna")
    play.submit(SAM, button(card(play), "Ask the customers…"), text=WHICH, whom=whom)
    await play.chat.deliver(play.program.sink)
    play.restart()
    await play.settle()
    assert len(asked(play)) == 1
    play.say(ANNA, "Firefox", thread(anna))
    await play.chat.deliver(play.program.sink)
    play.restart()
    while await play.program.worker.run_once():
        pass
    play.restart()
    await play.settle()
    answers = [sent for sent in below_card(play) if "Firefox" in plain_text(sent.post)]
    assert len(answers) == 1
    play.submit(SAM, button(answers[0], "Reply to the customer…"), text="Thanks")
    await play.chat.deliver(play.program.sink)
    play.restart()
    await play.settle()
    assert [text for text in play.shown(HELP) if "The product team: Thanks" in text] == ["The product team: Thanks"]


async def test_where_the_bot_may_only_listen_it_asks_directly_and_is_answered_there(play: Stage) -> None:
    play.command(ADA, "channel mode", HELP, mode="listening")
    await reported(play)
    await ask(play, "Anna")
    (question,) = asked(play)
    assert question.to == ANNA.account
    assert "what you said in #help on 2026-03-02" in plain_text(question.post)
    assert DROPS not in plain_text(question.post)
    direct = Place(HELP.space, ChannelId("@anna"), "Anna", PRIVATE.audience, direct=True)
    play.say(ANNA, "Firefox", direct)
    play.say(ANNA, "and that in the channel stays there", HELP)
    await play.settle()
    answer = below_card(play)[-1]
    assert "Firefox" in plain_text(answer.post)
    assert not any("stays there" in plain_text(sent.post) for sent in below_card(play))
    play.submit(SAM, button(answer, "Reply to the customer…"), text="Thanks")
    await play.settle()
    assert "The product team: Thanks" in play.told(ANNA)


async def test_a_question_closes_a_week_after_the_last_word(play: Stage) -> None:
    anna, _ = await reported(play)
    await ask(play, "Anna")
    play.clock.advance(timedelta(days=6))
    play.say(ANNA, "Firefox", thread(anna))
    await play.settle()
    play.clock.advance(timedelta(days=6))
    await play.settle()
    assert not any("the question is closed" in shown for shown in play.shown(PRODUCT))
    answer = below_card(play)[-1]
    play.clock.advance(timedelta(days=1, minutes=1))
    await play.settle()
    assert "the question is closed" in plain_text(below_card(play)[-1].post)
    before = len(play.chat.sent)
    play.say(ANNA, "by the way, also in Chrome", thread(anna))
    await play.settle()
    assert not any("Chrome" in shown for shown in play.shown(PRODUCT)[1:])
    play.submit(SAM, button(answer, "Reply to the customer…"), text="Thanks")
    await play.settle()
    assert play.told(SAM)[-1] == "That question is closed. Ask anew from the card."
    assert len([sent for sent in play.chat.sent[before:] if not sent.to]) == 0
