"""At every step from the question to the staff's answer the process dies, and each thing goes over the bridge once."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from dialogue.plain import plain_text
from tests.crash.test_steps import act_one, perform, steps_of
from tests.stage import ANNA, HELP, PRODUCT, SAM, Stage, button

DROPS = "The export drops my tags, this is broken"


def reports(play: Stage) -> None:
    play.say(ANNA, DROPS)


def asks(play: Stage) -> None:
    play.command(SAM, "insight ask", PRODUCT, insight="1", text="Which browser?")


def answers(play: Stage) -> None:
    thread = next(sent.thread for sent in play.chat.sent if "The product team asks" in plain_text(sent.post))
    there = replace(HELP, thread=thread)
    play.edit(ANNA, play.say(ANNA, "Firefox", there), "Firefox 140", there)
    play.delete(play.say(ANNA, "on a Mac", there), there)


def is_answered(play: Stage) -> None:
    carried = next(sent for sent in play.chat.sent if "Firefox 140" in plain_text(sent.post))
    play.submit(SAM, button(carried, "Reply to the customer…"), text="Thank you")


async def test_a_death_at_any_step_loses_and_doubles_nothing_on_the_bridge(
    tmp_path: Path, sqlite_template: Path
) -> None:
    acts = (act_one, reports, asks, answers, is_answered)
    expected, steps = await perform(tmp_path, sqlite_template, 0, acts)
    shown = Counter(text for text in expected.cards.elements() if "Answer" in text or "answer" in text)
    assert sum("Firefox 140" in text for text in shown.elements()) == 1
    assert sum("Sam replied to answer 1" in text for text in shown.elements()) == 1
    assert [text for _, text in expected.heard.elements()].count("The product team: Thank you") == 1
    before = await steps_of(tmp_path, sqlite_template, acts[:2])
    assert len(steps) - before > 20
    for step, name in list(enumerate(steps, start=1))[before:]:
        outcome, _ = await perform(tmp_path, sqlite_template, step, acts)
        assert outcome == expected, f"died at step {step}, {name}"
