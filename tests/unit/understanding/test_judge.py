from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.understanding.context import kind_in_context
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import WINDOW, Anchor, Judged, KindGuess
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.unit.understanding.talk import Said, heard, judged, ready, sample_talks, talk

LINES = st.builds(
    Said,
    who=st.sampled_from(["anna", "bob", "carl", "dora"]),
    text=st.sampled_from(
        [
            "hi",
            "bob: it crashes on start",
            "anna, try again",
            "how do I export?",
            "same here",
            "thanks, that did it",
            "the export loses tags",
            "use the menu",
            "@carl ok",
            "would be nice if it could print",
            "\x00👍",
        ]
    ),
    after=st.sampled_from([0, 5, 60, 7_200, -30]),
    role=st.sampled_from([Role.CUSTOMER, Role.CUSTOMER, Role.STAFF, Role.BOT, Role.SYSTEM]),
)
TALKS = st.lists(LINES, max_size=25)


@given(TALKS, st.integers(0, 25))
@settings(max_examples=40, deadline=None)
def test_judging_the_first_lines_gives_the_first_rows(lines: list[Said], cut: int) -> None:
    messages = heard(lines)
    assert judged(messages[:cut])[0] == judged(messages)[0][:cut]


@given(TALKS, LINES)
@settings(max_examples=40, deadline=None)
def test_a_state_made_again_from_stored_messages_judges_the_same(lines: list[Said], following: Said) -> None:
    messages = heard([*lines, following])
    incremental = ChannelState()
    stored = []
    for message in messages[:-1]:
        incremental, judgement = judge(incremental, ready(message), None)
        stored.append((message, judgement.conversation, judgement.reply_to, judgement.kind, judgement.confidence))
    again = ChannelState.of(Judged(ready(message), *decided) for message, *decided in stored)
    assert again == incremental
    assert judge(again, ready(messages[-1]), None) == judge(incremental, ready(messages[-1]), None)


@given(TALKS)
@settings(max_examples=40, deadline=None)
def test_every_reply_stays_in_its_conversation_and_every_start_names_its_own(lines: list[Said]) -> None:
    messages = heard(lines)
    conversations: dict[str, str] = {}
    for message, judgement in zip(messages, judged(messages)[0], strict=True):
        if judgement.reply_to is None:
            assert judgement.conversation == f"c:{message.id}"
        else:
            assert judgement.conversation == conversations[judgement.reply_to]
        conversations[message.id] = judgement.conversation


def test_the_state_keeps_only_the_window() -> None:
    lines = [Said("anna", f"line {number}") for number in range(WINDOW + 30)]
    rows = judged(heard(lines))[1]
    state = ChannelState()
    for row in rows:
        state = state.after(row)
    assert state == ChannelState.of(rows)
    assert len(state.recent) == WINDOW


def test_a_platforms_fact_decides_even_long_after() -> None:
    messages = heard([Said("anna", "the export loses my tags"), Said("bob", "lunch anyone?")])
    anchor = Anchor(MessageId("long ago"), ConversationId("c:older still"))
    judgement = judged(messages, {"m1": anchor})[0][1]
    assert (judgement.reply_to, judgement.conversation) == (anchor.message, anchor.conversation)


def test_a_platforms_reply_in_the_window_gives_its_context() -> None:
    messages = heard([Said("anna", "the export crashes"), Said("bob", "other things"), Said("carl", "same here")])
    anchor = Anchor(MessageId("m0"), ConversationId("c:m0"))
    assert judged(messages, {"m2": anchor})[0][2].kind is Kind.PROBLEM


def test_who_is_named_is_answered() -> None:
    answers = talk(
        Said("anna", "the export crashes when I open it"),
        Said("bob", "how do I change my address?"),
        Said("carl", "anna: which version is that?"),
        Said("dora", "@bob under settings, then profile"),
    )
    assert [a.reply_to for a in answers] == [None, None, "m0", "m1"]


def test_a_name_without_any_sign_counts_where_somebody_is_called_so() -> None:
    answers = talk(
        Said("anna", "the export crashes when I open it"),
        Said("bob", "how do I change my address?"),
        Said("carl", "try the newest version anna"),
    )
    assert answers[2].reply_to == "m0"


@pytest.mark.parametrize("pace", [20, 3_600, 20_000])
def test_several_lines_in_a_row_are_one_turn_at_any_pace(pace: float) -> None:
    answers = talk(
        Said("anna", "hi all, I can't log in since this morning", pace),
        Said("anna", "it says my password is wrong", pace / 20),
        Said("anna", "but I changed nothing", pace / 20),
        Said("bob", "did you try to reset it?", pace),
        Said("anna", "yes, that gives the same error", pace),
        Said("bob", "then please write to support, they can unlock you", pace),
    )
    assert {a.conversation for a in answers} == {"c:m0"}


@pytest.mark.parametrize("slower", [0.125, 4])
def test_a_slow_channel_is_understood_like_a_fast_one(slower: float) -> None:
    """Talks from seconds to hours between turns, told eight times faster and four times slower."""
    for about, lines in sample_talks():
        as_told = [answer.conversation for answer in talk(*lines)]
        retold = talk(*[replace(line, after=line.after * slower) for line in lines])
        assert [answer.conversation for answer in retold] == as_told, about


def test_threads_are_kept_apart() -> None:
    root, inside, outside = heard([Said("anna", "topic"), Said("bob", "in the thread"), Said("bob", "and more")])
    inside = replace(inside, thread=MessageId("m0"))
    anchor = Anchor(MessageId("m0"), ConversationId("c:m0"))
    answers = judged([root, inside, outside], {"m1": anchor})[0]
    assert answers[2].reply_to != "m1"


@pytest.mark.parametrize("role", [Role.BOT, Role.SYSTEM])
def test_machines_stand_alone_and_are_never_answered(role: Role) -> None:
    answers = talk(
        Said("anna", "the export crashes"), Said("relay", "it crashes for me too", role=role), Said("anna", "relay: hm")
    )
    assert (answers[1].reply_to, answers[1].kind, answers[1].voices) == (None, Kind.CHATTER, False)
    assert answers[2].reply_to != "m1"


def test_joining_somebodys_problem_voices_it() -> None:
    answers = talk(Said("anna", "the export crashes on big files"), Said("bob", "same here"))
    assert (answers[1].kind, answers[1].voices) == (Kind.PROBLEM, True)


def test_advice_is_a_solution_though_it_names_the_trouble() -> None:
    answers = talk(
        Said("anna", "the export crashes"), Said("bob", "anna: if you use the new version the crash is gone")
    )
    assert (answers[1].kind, answers[1].voices) == (Kind.SOLUTION, False)


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMIN])
def test_only_customers_have_a_voice(role: Role) -> None:
    assert talk(Said("anna", "the export crashes all the time"))[0].voices
    assert not talk(Said("anna", "the export crashes all the time", role=role))[0].voices


def test_a_question_has_a_voice_only_where_it_opens() -> None:
    answers = talk(Said("anna", "how do I change my address?"), Said("anna", "and how do I see it?"))
    assert [a.voices for a in answers] == [True, False]


def test_a_friendly_word_to_a_helper_praises_nothing() -> None:
    answers = talk(
        Said("anna", "how do I change my address?"),
        Said("bob", "anna: under settings"),
        Said("anna", "bob: great, thanks"),
    )
    assert not answers[2].voices
    assert not talk(Said("anna", "cool!"))[0].voices


def test_a_friendly_word_in_a_thread_of_ones_own_praises_nothing_either() -> None:
    messages = heard([Said("anna", "the export crashes"), Said("anna", "thank you Sam, that did it, you are great!")])
    own = Anchor(MessageId("m0"), ConversationId("c:m0"))
    thanks = judged(messages, {"m1": own})[0][1]
    assert (thanks.kind, thanks.voices) == (Kind.CHATTER, False)


def test_thanks_after_ones_own_line_praise_the_product_where_nobody_helped() -> None:
    alone = talk(Said("anna", "here is a screenshot of my new board"), Said("anna", "Thank you, great work!"))
    helped = talk(
        Said("anna", "how do I make a new board?"),
        Said("bob", "anna: with the plus above the list"),
        Said("anna", "there it is"),
        Said("anna", "Thank you, great work!"),
    )
    assert (alone[1].kind, helped[3].kind) == (Kind.PRAISE, Kind.CHATTER)


def test_an_answer_that_sounds_like_trouble_but_hardly_so_is_told_not_suffered() -> None:
    unsure = KindGuess(Kind.PROBLEM, 0.4, "a guess")
    parent = judged(heard([Said("anna", "the export crashes")]))[1][0]
    answer = replace(ready(heard([Said("bob", "it has a limit of ten rows")])[0]), guess=unsure)
    assert kind_in_context(answer, parent, ()).kind is Kind.INFORMATION
    assert kind_in_context(replace(answer, guess=replace(unsure, confidence=0.6)), parent, ()).kind is Kind.PROBLEM


def test_praise_of_what_it_is_stays_praise() -> None:
    assert talk(Said("anna", "I love the new export, so useful"))[0].voices


def test_reasons_say_what_spoke_for_it() -> None:
    answers = talk(Said("anna", "the export crashes"), Said("bob", "anna: which version?"))
    assert '"crashes"' in answers[0].reasons[0].name
    assert len(answers[1].reasons) > 1
