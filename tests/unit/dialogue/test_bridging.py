"""What may be asked of whom and by whom, what is carried, and what is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.memory.chat import Sent
from dialogue.errors import Refused, Rejected
from dialogue.events import ChannelChanged, PlaceDeleted, TimerFired
from dialogue.plain import plain_text
from dialogue.posts import Buttons, FieldType
from dialogue.rows import SentRef
from knowledge_base.channels import Mode, Shared
from knowledge_base.insights import Status
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, SECLUDED, SPACE, Stage

DROPS = "The export drops my tags, this is broken"
WHICH = "Which browser do you use?"


@pytest.fixture
async def asked(stage: Stage) -> Stage:
    """Anna and Ben say the same in a public channel, in messages m1 and m2 of these names: see :func:`root`."""
    await stage.with_team()
    await stage.open_channel(GENERAL, Mode.ON_MENTION)
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)
    return stage


async def whom(stage: Stage, *names: str) -> str:
    """By what the form names these people."""
    form = await stage.interactions.open_form(SPACE, SAM, stage.buttons()["ask"])
    (field,) = [field for field in form.fields if field.type is FieldType.CHOICE]
    return "\n".join(one.value for one in field.alternatives if one.label.split(":")[0] in names)


async def ask(stage: Stage, *names: str) -> str:
    members = await whom(stage, *names)
    return await stage.submit(SAM, stage.buttons()["ask"], {"text": WHICH, "whom": members})


def questions(stage: Stage) -> list[Sent]:
    return [one for one in stage.chat.sent if "The Product team asks" in plain_text(one.post)]


def below(stage: Stage) -> list[Sent]:
    """What stands below the card."""
    return [one for one in stage.cards() if one.thread == stage.cards()[0].ref.message]


def answers(stage: Stage) -> list[Sent]:
    return [one for one in below(stage) if plain_text(one.post).startswith("Answer ")]


def answer_button(sent: Sent) -> str:
    (buttons,) = [block for block in sent.post.blocks if isinstance(block, Buttons)]
    return buttons.buttons[0].custom_id


def root(stage: Stage, place: int = 0):
    """The thread in which somebody was asked."""
    return replace(GENERAL, thread=questions(stage)[place].thread)


async def test_the_form_offers_those_who_said_it_last_by_their_words_ten_at_most(asked: Stage) -> None:
    for number in range(12):
        who = replace(CARA, account=f"c{number}", name=f"C{number}")
        await asked.say(who, DROPS)
    form = await asked.interactions.open_form(SPACE, SAM, asked.buttons()["ask"])
    text, people = form.fields
    assert text.type is FieldType.PARAGRAPH
    assert [one.label for one in people.alternatives] == [f"C{number}: {DROPS}" for number in range(11, 1, -1)]
    assert people.most == 10
    assert people.value == ""


async def test_a_form_is_checked_for_what_was_chosen(asked: Stage) -> None:
    opens, both = asked.buttons()["ask"], await whom(asked, "Anna", "Ben")

    async def wrong(chosen: str) -> list[str]:
        return [*await asked.interactions.validate(SPACE, SAM, opens, {"text": WHICH, "whom": chosen})]

    assert await wrong(both) == []
    assert await wrong("") == ["whom"]
    assert await wrong("somebody else") == ["whom"]
    assert await wrong("\n".join([both, both])) == ["whom"]


async def test_only_staff_ask_and_answer(asked: Stage) -> None:
    members = await whom(asked, "Anna")
    refused = await asked.submit(ANNA, asked.buttons()["ask"], {"text": WHICH, "whom": members})
    assert refused == "Only staff can do that."
    with pytest.raises(Refused, match="Only staff"):
        await asked.interactions.open_form(SPACE, ANNA, asked.buttons()["ask"])
    await ask(asked, "Anna")
    await asked.say(ANNA, "Firefox", root(asked))
    answer = answer_button(answers(asked)[0])
    assert await asked.submit(BEN, answer, {"text": "me too"}) == "Only staff can do that."
    assert await asked.press(BEN, answer) == "Only staff can do that."


async def test_what_is_planned_stays_planned_while_it_is_asked_about(asked: Stage) -> None:
    await asked.press(SAM, asked.buttons()["plan"])
    assert await ask(asked, "Anna") == "Sent: 1 person will read it. What they answer comes below the card."
    (insight,) = await asked.open_insights()
    assert insight.status is Status.PLANNED


async def test_what_waits_for_answers_may_be_asked_about_again(asked: Stage) -> None:
    await ask(asked, "Anna")
    await ask(asked, "Anna", "Ben")
    assert len(questions(asked)) == 3
    (insight,) = await asked.open_insights()
    assert insight.status is Status.NEEDS_INFO
    await asked.say(ANNA, "Firefox", root(asked))
    assert len(answers(asked)) == 1  # once, to the latest question


async def test_what_is_closed_or_merged_while_the_form_is_open_is_not_asked_about(asked: Stage) -> None:
    members, opens = await whom(asked, "Anna"), asked.buttons()["ask"]
    await asked.press(SAM, asked.buttons()["dismiss"])
    said = await asked.submit(SAM, opens, {"text": WHICH, "whom": members})
    assert said == "Problem #1 is closed. Reopen it to ask about it."
    await asked.press(SAM, asked.buttons()["reopen"])
    await asked.say(CARA, "Please add an import of CSV files")
    await asked.command(SAM, "insight merge", {"insight": "1", "into": "2"}, PRODUCT)
    said = await asked.submit(SAM, opens, {"text": WHICH, "whom": members})
    assert "Problem #1 was merged into" in said
    assert questions(asked) == []


async def test_who_muted_it_stopped_or_deleted_is_not_asked(asked: Stage) -> None:
    await asked.say(CARA, DROPS)
    members = await whom(asked, "Anna", "Ben", "Cara")
    await asked.command(ANNA, "mute insight", {"insight": "1"})
    await asked.command(BEN, "privacy stop")
    await asked.command(CARA, "privacy erase")
    said = await asked.submit(SAM, asked.buttons()["ask"], {"text": WHICH, "whom": members})
    assert "can be asked" in said
    assert questions(asked) == []


async def test_by_command_all_who_said_it_are_asked_in_the_teams_channel_alone(asked: Stage) -> None:
    options = {"insight": "1", "text": WHICH}
    assert "has no card in this channel" in await asked.command(SAM, "insight ask", options, GENERAL)
    assert "2 people will read it" in await asked.command(SAM, "insight ask", options, PRODUCT)
    assert len(questions(asked)) == 2


async def test_who_spoke_in_one_thread_is_asked_there_by_one_post(stage: Stage) -> None:
    await stage.with_team()
    await stage.open_channel(GENERAL, Mode.ON_MENTION)
    first = await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS, replace(GENERAL, thread=first))
    await stage.command(SAM, "insight ask", {"insight": "1", "text": WHICH}, PRODUCT)
    assert [one.thread for one in questions(stage)] == [first]
    await stage.say(BEN, "Safari", replace(GENERAL, thread=first))
    await stage.say(CARA, "hello everybody", replace(GENERAL, thread=first))
    assert ["Safari" in plain_text(one.post) for one in answers(stage)] == [True]


async def test_in_a_private_channel_the_answer_goes_to_the_team_and_nothing_else_said_there(stage: Stage) -> None:
    await stage.with_team()
    await stage.open_channel(SECLUDED, Mode.ON_MENTION)
    said = await stage.say(ANNA, DROPS, SECLUDED)
    await stage.command(SAM, "insight ask", {"insight": "1", "text": WHICH}, PRODUCT)
    there = replace(SECLUDED, thread=said)
    await stage.say(ANNA, "Firefox", there)
    await stage.say(ANNA, "and by the way, our turnover doubled", SECLUDED)
    assert "Firefox" in plain_text(answers(stage)[0].post)
    assert "Anna" in plain_text(answers(stage)[0].post)
    assert not any("turnover" in plain_text(one.post) or DROPS in plain_text(one.post) for one in stage.cards()[:1])
    assert len(answers(stage)) == 1


async def test_peers_13_nothing_is_carried_to_a_team_channel_that_outsiders_read(
    asked: Stage,
) -> None:
    await ask(asked, "Anna")
    await asked.say(ANNA, "Firefox", root(asked))
    assert "Firefox" in plain_text(answers(asked)[0].post)
    button = answer_button(answers(asked)[0])
    shared = replace(PRODUCT, shared=Shared.YES)
    await asked.happen(ChannelChanged(shared, "x1", asked.clock.now()))
    assert not any("Firefox" in plain_text(one.post) for one in asked.cards())
    await asked.say(ANNA, "on a Mac", root(asked))
    assert not any("Mac" in plain_text(one.post) for one in asked.cards())
    (insight,) = await asked.open_insights()
    said = await asked.submit(SAM, f"ask:{insight.id}:1", {"text": WHICH, "whom": "x"}, shared)
    assert said == "This card is hidden, because others than the team can read this channel now."
    assert await asked.submit(SAM, button, {"text": "Thanks"}, shared) == said


async def test_what_a_customer_deletes_is_taken_off_and_can_be_answered_no_more(asked: Stage) -> None:
    await ask(asked, "Anna")
    await asked.say(ANNA, "Firefox, says the boss of my company", root(asked))
    button = answer_button(answers(asked)[0])
    await asked.command(ANNA, "privacy erase")
    assert [plain_text(one.post) for one in answers(asked)] == ["Answer 1 was taken back."]
    assert await asked.submit(SAM, button, {"text": "Thanks"}) == "Answer 1 was taken back."


async def test_history_that_is_read_later_is_not_carried(asked: Stage) -> None:
    await ask(asked, "Anna")
    await asked.say(ANNA, "Firefox", root(asked), live=False)
    assert answers(asked) == []


async def test_a_removed_thread_takes_every_answer_back_by_one_edit_each(asked: Stage) -> None:
    await ask(asked, "Anna")
    for text in ("Firefox", "on a Mac"):
        await asked.say(ANNA, text, root(asked))
    before = len(asked.chat.sent)
    await asked.happen(PlaceDeleted(root(asked), asked.clock.now()))
    assert [plain_text(one.post) for one in answers(asked)] == [f"Answer {n} was taken back." for n in (1, 2)]
    assert len(asked.chat.sent) == before


async def test_the_answer_follows_its_message_where_that_is_merged(asked: Stage) -> None:
    await ask(asked, "Anna")
    await asked.say(CARA, "Please add an import of CSV files")
    await asked.command(SAM, "insight merge", {"insight": "1", "into": "2"}, PRODUCT)
    await asked.say(ANNA, "Firefox", root(asked))
    (answer,) = [one for one in asked.cards() if "Firefox" in plain_text(one.post)]
    into = next(one for one in asked.cards() if plain_text(one.post).startswith("Please add an import"))
    assert answer.thread == into.ref.message


async def test_whose_thread_is_locked_is_asked_directly_and_who_takes_nothing_is_told_of(
    asked: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = asked.chat.send

    async def locked(space, channel, thread, post, key) -> SentRef:
        if channel == GENERAL.channel:
            raise Rejected("the thread is locked")
        return await send(space, channel, thread, post, key)

    monkeypatch.setattr(asked.chat, "send", locked)
    asked.chat.closed_direct.add(BEN.account)
    await ask(asked, "Anna", "Ben")
    assert questions(asked) == []
    (insight,) = await asked.open_insights()
    async with asked.look() as (uow, community):
        (one, *_) = await uow.bridges.waiting(community)
    for window in ("1", "2"):
        asked.clock.advance(timedelta(minutes=11))
        await asked.happen(TimerFired(SPACE, f"asked:{one.question}", window, asked.clock.now()))
    assert [sent.to for sent in questions(asked)] == [ANNA.account]
    assert plain_text(below(asked)[-1].post) == "Could not be reached with the question: 1 person."
    assert insight.status is Status.NEEDS_INFO


async def test_pressed_twice_at_once_both_are_told_and_both_questions_stand(asked: Stage) -> None:
    members, opens = await whom(asked, "Anna"), asked.buttons()["ask"]
    first = await asked.submit(SAM, opens, {"text": WHICH, "whom": members})
    second = await asked.submit(replace(ADA, role=Role.ADMIN), opens, {"text": "And which version?", "whom": members})
    assert first == second == "Sent: 1 person will read it. What they answer comes below the card."
    assert len(questions(asked)) == 2


async def test_who_answered_sees_that_it_was_carried_and_what_was_told_of_their_words(asked: Stage) -> None:
    await ask(asked, "Anna")
    await asked.say(ANNA, "Firefox", root(asked))
    await asked.press(SAM, asked.buttons()["plan"])
    prepared = [key for sent in asked.chat.sent for key in _pressable(sent) if key.startswith("tell_send:")]
    await asked.press(SAM, prepared[-1])

    went = "Problem #1: card for Product; an answer of yours carried to Product; "
    quoted = "your words quoted in #general, where you were told: planned"
    assert f"{went}{quoted}\n" in await asked.command(ANNA, "privacy show")
    assert f"Problem #1: card for Product; {quoted}\n" in await asked.command(BEN, "privacy show")


def _pressable(sent: Sent) -> list[str]:
    return [button.custom_id for block in sent.post.blocks if isinstance(block, Buttons) for button in block.buttons]
