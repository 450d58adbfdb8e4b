"""At every step from the press of Ship to the last who is told the process dies, and everybody hears it once."""

from pathlib import Path

from dialogue.plain import plain_text
from tests.crash.test_steps import act_one, perform, steps_of
from tests.stage import ANNA, BEN, CARA, SAM, Stage

DARK = "It would be great to have a dark mode, please add one"


def wishes(play: Stage) -> None:
    for who in (ANNA, BEN):
        play.say(who, DARK)


def ships(play: Stage) -> None:
    play.press(SAM, play.cards()[0], "Ship")


def sends(play: Stage) -> None:
    offer = next(sent for sent in play.chat.sent if "Shall I tell" in plain_text(sent.post))
    play.press(SAM, offer, "Send")


def one_comes_late(play: Stage) -> None:
    play.say(CARA, DARK)


async def test_a_death_at_any_step_of_telling_leaves_nobody_out_and_tells_nobody_twice(
    tmp_path: Path, sqlite_template: Path
) -> None:
    acts = (act_one, wishes, ships, sends, one_comes_late)
    expected, steps = await perform(tmp_path, sqlite_template, 0, acts)
    assert [text.count("this is done now") for _, text in expected.heard] == [1, 1, 1]
    assert len({thread for thread, _ in expected.heard}) == 3
    assert all(thread is not None for thread, _ in expected.heard)
    before = await steps_of(tmp_path, sqlite_template, acts[:2])
    assert len(steps) - before > 20
    for step, name in list(enumerate(steps, start=1))[before:]:
        outcome, _ = await perform(tmp_path, sqlite_template, step, acts)
        assert outcome == expected, f"died at step {step}, {name}"
