"""What plays of closing the loop ask of their stage."""

from collections.abc import Sequence

from adapters.memory.chat import Sent
from dialogue.plain import plain_text
from dialogue.posts import Buttons
from tests.unit.dialogue.stage import SAM, Stage

DARK = "It would be great to have a dark mode, please add one"


def offered(stage: Stage) -> dict[str, str]:
    """The buttons under what was prepared last."""
    return [buttons_of(one) for one in stage.chat.sent if "Shall I tell" in plain_text(one.post)][-1]


def buttons_of(sent: Sent) -> dict[str, str]:
    found = [button for block in sent.post.blocks if isinstance(block, Buttons) for button in block.buttons]
    return {button.custom_id.split(":")[0]: button.custom_id for button in found}


def heard(stage: Stage, text: str = "Good news") -> Sequence[Sent]:
    """What the bot posted to tell people, in the order of sending."""
    return [
        one for one in stage.chat.sent if text in plain_text(one.post) and "Shall I tell" not in plain_text(one.post)
    ]


async def decided(stage: Stage, verb: str = "ship") -> str:
    return await stage.press(SAM, stage.buttons()[verb])
