"""Late evidence moves what it concerns and what hangs on it, within bounds, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.understanding import revising
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.revising import MOST_AGAIN, Again, revised_by_edit, revised_by_reply
from dialogue.understanding.values import WINDOW, Anchor, Judged
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind
from tests.unit.understanding.talk import Said, heard, judged, ready

TAGS = Said("anna", "the export of my invoices loses all tags, it is broken", 3600)
CALENDAR = Said("ben", "the app crashes when I open the calendar on my phone", 60)
ADVICE = Said("cara", "you have to clear the cache in the settings", 40)
TALK = (TAGS, CALENDAR, ADVICE)


def rows(lines: Sequence[Said], anchors: dict[str, Anchor] | None = None) -> list[Judged]:
    return judged(heard(lines), anchors)[1]


def after_edit(said: Sequence[Judged], place: int, text: str) -> tuple[Again, ...]:
    edited = replace(said[place].prepared.heard, text=text)
    return revised_by_edit(ChannelState.of(said), ready(edited), ready)


def after_reply(said: Sequence[Judged], who: str, to: int) -> tuple[Again, ...]:
    last = said[-1].prepared.heard
    reply = replace(last, id=MessageId("r"), author=who, author_name=who.title(), text="thanks, that worked")
    reply = replace(reply, reply_to=said[to].prepared.heard.id)
    return revised_by_reply(ChannelState.of(said), ready(reply), ready)


def test_what_an_edit_moves_is_linked_as_if_it_had_been_said_so_at_once() -> None:
    named = replace(ADVICE, text=f"@anna {ADVICE.text}")
    (moved,) = after_edit(rows(TALK), 2, named.text)
    assert moved.before.reply_to == "m1"
    assert moved.judged == rows((TAGS, CALENDAR, named))[2]


def test_what_goes_on_from_a_moved_message_follows_and_what_does_not_stays() -> None:
    talk = (*TALK, Said("cara", "and log in again after that", 10), Said("ben", "@dora hi, are you here too?", 10))
    moved = after_edit(rows(talk), 2, f"@anna {ADVICE.text}")
    now = {one.judged.prepared.heard.id: one.judged for one in moved}
    assert {name: now[name].conversation for name in ("m2", "m3")} == {"m2": "c:m0", "m3": "c:m0"}
    assert "m4" not in now or now["m4"].conversation == "c:m1"


def test_what_is_loaded_again_moves_as_what_was_never_forgotten_though_its_guesses_lack_the_second_look() -> None:
    talk = (TAGS, Said("ben", "anna: which version is it?", 20), Said("cara", "ben: the last one, I think", 20))
    said = rows((*talk, Said("dora", "cara: no, the one before", 20), Said("cara", "dora: oh, right", 20)))
    assert [one.reply_to for one in said] == [None, "m0", "m1", "m2", "m3"]
    guess = replace(said[3].prepared.guess, kind=Kind.PROBLEM, confidence=0.4)
    loaded = [*said[:3], replace(said[3], prepared=replace(said[3].prepared, guess=guess)), said[4]]
    for remembered in (said, loaded):
        (moved,) = after_edit(remembered, 2, "anna: the last one, I think")
        assert (moved.before.reply_to, moved.judged.reply_to) == ("m1", "m0")


def test_the_time_of_an_edit_is_not_when_it_was_said() -> None:
    said = rows(TALK)
    later = heard([*TALK, Said("cara", f"@anna {ADVICE.text}", 90_000)])[-1]
    (moved,) = revised_by_edit(ChannelState.of(said), ready(replace(later, id=MessageId("m2"))), ready)
    assert moved.judged.prepared.seconds == said[2].prepared.seconds
    assert moved.judged.prepared.heard.at == said[2].prepared.heard.at


def test_a_reply_moves_a_message_to_what_the_replier_said_unless_it_was_surely_meant_for_another() -> None:
    (moved,) = after_reply(rows(TALK), "anna", 2)
    assert (moved.before.reply_to, moved.judged.reply_to) == ("m1", "m0")
    surely = (TAGS, CALENDAR, replace(ADVICE, text=f"@ben {ADVICE.text}"))
    assert after_reply(rows(surely), "anna", 2) == ()


def test_nothing_is_moved_by_the_author_by_a_newcomer_or_by_who_takes_part() -> None:
    said = rows(TALK)
    for who in ("cara", "dora", "ben"):
        assert after_reply(said, who, 2) == ()


def test_what_the_platform_recorded_stays() -> None:
    messages = heard(TALK)
    messages[2] = replace(messages[2], reply_to=MessageId("m1"))
    said = judged(messages, {"m2": Anchor(MessageId("m1"), rows(TALK)[1].conversation)})[1]
    assert after_reply(said, "anna", 2) == ()
    assert after_edit(said, 2, f"@anna {ADVICE.text}") == ()


def test_what_is_not_remembered_whole_stays() -> None:
    said = rows((*TALK, *(Said(f"p{n % 9}", f"well, number {n} it is", 20) for n in range(WINDOW - 3))))
    assert len(said) == WINDOW
    assert after_edit(said, 2, f"@anna {ADVICE.text}") == ()


def test_bounded_work_however_much_hangs_on_it(monkeypatch) -> None:
    said = rows((*TALK, *(Said("cara", f"and then press button number {n}", 5) for n in range(90))))
    linked = 0
    judge = revising.judge

    def counted(state, prepared, anchor, leanings):
        nonlocal linked
        linked += anchor is None
        return judge(state, prepared, anchor, leanings)

    monkeypatch.setattr(revising, "judge", counted)
    moved = after_edit(said, 2, f"@anna {ADVICE.text}")
    assert linked <= MOST_AGAIN + 1
    assert len(moved) > MOST_AGAIN + 1


WORDS = st.sampled_from(
    ["anna: try again", "it crashes on start", "same here", "thanks, that did it", "how do I export?", "ok", "@ben hi"]
)
LINES = st.builds(Said, who=st.sampled_from(["anna", "ben", "cara"]), text=WORDS, after=st.sampled_from([5, 60, 7_200]))


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, min_size=2, max_size=15), st.integers(0, 14), WORDS, st.sampled_from(["anna", "ben"]))
def test_moving_is_pure_and_every_message_answers_one_of_its_conversation_said_before_it(
    lines, place, text, who
) -> None:
    said = rows(lines)
    place = min(place, len(said) - 1)
    for moved in (after_edit(said, place, text), after_reply(said, who, place)):
        now = {one.judged.prepared.heard.id: one.judged for one in moved}
        after = [now.get(one.prepared.heard.id, one) for one in said]
        seen: dict[str, str] = {}
        for one in after:
            if one.reply_to is not None:
                assert seen[one.reply_to] == one.conversation
            seen[one.prepared.heard.id] = one.conversation
    assert after_edit(said, place, text) == after_edit(said, place, text)
