"""At every step at which something is given the process dies: each piece is given once, and each code shown once."""

from pathlib import Path

from tests.crash.test_steps import perform, steps_of
from tests.stage import ADA, CARA, SAM, Stage, button


def set_up(play: Stage) -> None:
    play.say(CARA, "hello, Cara here")
    play.command(ADA, "reward add", name="Voucher", kind="code", pieces="2")
    play.command(ADA, "reward add", name="Beta", kind="role", pieces="2", role="777")


def codes(play: Stage) -> None:
    asked = next(sent for sent in play.chat.sent if "I need the codes" in str(sent.post))
    play.submit(ADA, button(asked, "Give me the codes"), codes="AAA-1\nBBB-2")


def gives(play: Stage) -> None:
    play.command(SAM, "reward give", reward="1", member="cara")
    play.command(SAM, "reward give", reward="2", member="cara")


def opens(play: Stage) -> None:
    play.command(CARA, "rewards open", reward="1")


def looks(play: Stage) -> None:
    play.command(CARA, "rewards open", reward="1")
    play.command(CARA, "rewards refuse", reward="2")
    play.command(SAM, "reward list")


async def test_peers_18_a_death_at_any_step_gives_each_piece_once_and_shows_each_code_once(
    tmp_path: Path, sqlite_template: Path
) -> None:
    acts = (set_up, codes, gives, opens, looks)
    expected, steps = await perform(tmp_path, sqlite_template, 0, acts)
    told = list(expected.told.elements())
    assert sum("Here is the code" in text for text in told) == 1
    assert any("shown to you once" in text for text in told)
    assert any("1 of 2 given; codes left: 1" in text and "0 of 2 given" in text for text in told)
    (tmp_path / "looks").mkdir()
    before = await steps_of(tmp_path, sqlite_template, acts[:2])
    last = await steps_of(tmp_path / "looks", sqlite_template, acts[:4])
    assert last - before > 10
    for step, name in list(enumerate(steps, start=1))[before:last]:
        outcome, _ = await perform(tmp_path, sqlite_template, step, acts)
        assert outcome == expected, f"died at step {step}, {name}"
