"""What is foreseen of a message is what is judged when it comes, where nothing else happened meanwhile."""

import pickle
from dataclasses import replace

import pytest

from dialogue.events import Lane
from dialogue.understanding import states as states_module
from dialogue.understanding.foreseeing import MOST_KNOWN, Beginning, Foreseen, Foreseer
from dialogue.understanding.states import EMPTY, Point
from dialogue.understanding.values import Anchor, Tie, conversation_started_by
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from tests.unit.understanding.talk import Said, heard, judged, ready, sample_talks

HELP, CHAT = Lane("space/help"), Lane("space/chat")
TALK = [
    Said("anna", "the export of my invoices loses all tags"),
    Said("ben", "anna: same here"),
    Said("cara", "how do I switch dark mode off?"),
    Said("anna", "thanks, that did it!"),
]


@pytest.fixture
def foreseer() -> Foreseer:
    return Foreseer(ready)


def foreseen(foreseer: Foreseer, *lines: Said, lane: Lane = HELP) -> list[Foreseen]:
    return [foreseer.foresee(lane, ready(message), ()) for message in heard(lines)]


@pytest.mark.parametrize("talk", [lines for _, lines in sample_talks()], ids=[about for about, _ in sample_talks()])
def test_it_is_what_is_judged_with_its_reasons_each_from_where_the_one_before_led(talk: list[Said]) -> None:
    seen, judgements = foreseen(Foreseer(ready), *talk), judged(heard(talk))[0]
    assert [one.judgement for one in seen] == judgements
    assert [one.judgement.reasons for one in seen] == [one.reasons for one in judgements]
    assert [one.point for one in seen] == [EMPTY, *[Point(0, message.id) for message in heard(talk)[:-1]]]


def test_it_can_be_sent_to_another_process(foreseer: Foreseer) -> None:
    for one in foreseen(foreseer, *TALK):
        sent = pickle.loads(pickle.dumps(one))
        assert (sent, sent.judgement.reasons) == (one, one.judgement.reasons)


def test_each_lane_has_a_course_of_its_own(foreseer: Foreseer) -> None:
    first, _ = foreseen(foreseer, *TALK[:2])
    (elsewhere,) = foreseen(foreseer, TALK[1], lane=CHAT)
    assert elsewhere.point == first.point == EMPTY
    assert elsewhere.judgement.reply_to is None


def test_from_a_beginning_on_it_is_judged_after_what_the_lane_remembers(foreseer: Foreseer) -> None:
    foreseen(foreseer, Said("dora", "good morning"), Said("emil", "hello"))
    messages, (judgements, remembered) = heard(TALK), judged(heard(TALK))
    foreseer.begin(Beginning(HELP, Point(3, None), remembered[:2]))
    seen = [foreseer.foresee(HELP, ready(message), ()) for message in messages[2:]]
    assert [one.judgement for one in seen] == judgements[2:]
    assert [one.point for one in seen] == [Point(3, None), Point(3, messages[2].id)]


def test_what_the_platform_ties_to_an_earlier_message_is_judged_so(foreseer: Foreseer) -> None:
    first, second, third, fourth = (ready(message) for message in heard(TALK))
    began = foreseer.foresee(HELP, first, ()).judgement.conversation
    foreseer.pass_by(MessageId("deleted"))
    elsewhere = foreseer.foresee(CHAT, second, (MessageId("nowhere"), first.heard.id))
    assert elsewhere.anchor == Anchor(first.heard.id, began)
    assert (elsewhere.judgement.reply_to, elsewhere.judgement.conversation) == (first.heard.id, began)
    gone = foreseer.foresee(HELP, third, (MessageId("deleted"),))
    assert gone.anchor == Anchor(MessageId("deleted"), conversation_started_by(MessageId("deleted")))
    assert foreseer.foresee(HELP, fourth, (MessageId("nowhere"),)).anchor is None


def test_what_was_said_too_long_ago_is_not_known_any_more(foreseer: Foreseer) -> None:
    for number in range(MOST_KNOWN + 1):
        foreseer.pass_by(MessageId(f"old{number}"))
    message = ready(heard(TALK)[0])
    assert foreseer.foresee(HELP, message, (MessageId("old0"),)).anchor is None
    assert foreseer.foresee(CHAT, message, (MessageId("old2"),)).anchor is not None


def test_it_holds_only_at_its_point_with_its_anchor_and_as_shipped(foreseer: Foreseer) -> None:
    (one,) = foreseen(foreseer, TALK[0])
    tied = Anchor(MessageId("m0"), ConversationId("c:m0"))
    assert one.holds(EMPTY, None, AS_SHIPPED)
    assert replace(one, anchor=tied).holds(EMPTY, tied, Leanings())
    assert not one.holds(None, None, AS_SHIPPED)
    assert not one.holds(Point(0, MessageId("m0")), None, AS_SHIPPED)
    assert not one.holds(Point(1, None), None, AS_SHIPPED)
    assert not one.holds(EMPTY, tied, AS_SHIPPED)
    assert not replace(one, anchor=tied).holds(EMPTY, replace(tied, tie=Tie.KEPT), AS_SHIPPED)
    assert not one.holds(EMPTY, None, Leanings(sure={Kind.PROBLEM: 0.2}))
    assert not one.holds(EMPTY, None, Leanings(voice={Kind.PROBLEM: 0.2}))
    assert one.holds(EMPTY, None, Leanings(merge=0.02, suggest=0.1)), "that is not judged by"


def test_a_lane_that_was_let_go_is_at_no_point_where_it_was(
    foreseer: Foreseer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states_module, "MOST_LANES", 1)
    first, second, third, fourth = (ready(message) for message in heard(TALK))
    foreseer.foresee(HELP, first, ())
    foreseer.foresee(CHAT, second, ())
    again, then = foreseer.foresee(HELP, third, ()), foreseer.foresee(HELP, fourth, ())
    # who remembers the first message is at (0, m0), who remembers it and the third one at (0, m2) too
    assert (again.point, then.point) == (EMPTY, Point(0, third.heard.id))
    assert not again.holds(Point(0, first.heard.id), None, AS_SHIPPED)
