"""Who says that something is wrong, and not what, within an hour of others in one channel: perhaps an outage.

That is for staff to say. By their words alone such statements are all the same, whoever says them when and of what.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import numpy as np

from dialogue.learning import leanings
from dialogue.router import Context
from dialogue.understanding.values import WINDOW
from knowledge_base.ids import InsightId
from knowledge_base.messages import Message
from knowledge_base.suggestions import MOST
from knowledge_base.vagueness import Saying, saying

LATELY: Final = timedelta(hours=1)


async def troubles_lately(context: Context, message: Message) -> Mapping[InsightId, float]:
    """What others voiced lately in its channel with words that tell as little: insights, the latest first.

    At most three, each with the cosine of the words; what is less alike than what is suggested elsewhere is left out.
    """
    recent = await context.uow.messages.recent(context.community, message.space, message.channel, WINDOW)
    like = [other for other in reversed(recent) if _is_like(message, other)]
    if not like:
        return {}
    least = (await leanings(context)).thresholds(context.embedders.of_every_text.thresholds).suggest
    own, found = context.embedders.at_a_glance(message.text).vector, dict[InsightId, float]()
    for other in like:
        cosine = float(np.dot(own, context.embedders.at_a_glance(other.text).vector))
        if len(found) < MOST and cosine >= least:
            insight = await context.uow.insights.of_message(context.community, other.id)
            if insight is not None and insight.status.is_open:
                found.setdefault(insight.id, cosine)
    return found


def _is_like(message: Message, other: Message) -> bool:
    return (
        other.author != message.author
        and other.kind is message.kind
        and abs(message.at - other.at) <= LATELY
        and saying(other.text) is Saying.TROUBLE
    )
