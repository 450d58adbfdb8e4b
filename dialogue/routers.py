"""All handlers, in the order in which they run."""

from typing import Final

from dialogue import (
    audiences,
    capturing,
    consenting,
    deciding,
    digests,
    excluding,
    health,
    noting,
    pairing,
    people,
    reporting,
    retention,
    setting_up,
    tag_form,
    tagging,
    tagging_by_reply,
    taking_back,
    welcoming,
)
from dialogue.advice import doubting
from dialogue.advice.planning import Advice
from dialogue.bridging import answering, carrying, ending
from dialogue.bridging import asking as bridging
from dialogue.buttons import OPENINGS
from dialogue.capturing.thinking import Understanding
from dialogue.closing import deciding as closing
from dialogue.commands import catalogue, kind, running
from dialogue.kinds_by_hand import KindGiver
from dialogue.partnering import inviting, summarising
from dialogue.recognising import alarming, levelling, thanking
from dialogue.regrouping import asking, pressing
from dialogue.reminding import scheduling as reminding
from dialogue.rewarding import expiring, uploading
from dialogue.router import Router
from dialogue.routing import releasing
from dialogue.setting_up import MENUS
from dialogue.signs import editing, looking, silencing

FORMS: Final = frozenset(f"form:{name}" for name in OPENINGS)
TIMERS: Final = frozenset(
    f"timer:{name}"
    for name in (
        "asked",
        "bridge",
        "digest",
        "excluded",
        "health",
        "held",
        "level",
        "partners",
        "posted",
        "reminder",
        "retention",
        "reward",
        "signs",
        "still",
        "stuck",
        "telling",
        "unusual",
    )
)
"""What schedules are called, up to the first colon."""


def routers(understanding: Understanding, zone: str = "UTC", advice: Advice | None = None) -> tuple[Router, ...]:
    """Every router there is. ``zone``: the IANA zone in which digests fall due. ``advice``: the model that is asked."""
    tagger, giver = tagging.Tagger(understanding), KindGiver(understanding)
    return (
        capturing.router(understanding),
        pairing.router(),
        thanking.router(),
        welcoming.router(),
        tagging.router(tagger),
        tagging_by_reply.router(tagger),
        tag_form.router(tagger, giver),
        deciding.router(),
        closing.router(),
        bridging.router(),
        carrying.router(),
        answering.router(),
        ending.router(),
        taking_back.router(),
        noting.router(),
        kind.router(giver),
        pressing.router(),
        asking.router(),
        running.router(catalogue.nouns(tagger, giver, zone, advice)),
        digests.router(),
        releasing.router(),
        health.router(),
        looking.router(),
        silencing.router(),
        editing.router(),
        levelling.router(),
        uploading.router(),
        expiring.router(),
        alarming.router(),
        reminding.router(),
        audiences.router(),
        people.router(),
        consenting.router(),
        setting_up.router(zone),
        reporting.router(),
        retention.router(),
        excluding.router(),
        inviting.router(),
        summarising.router(),
        *((doubting.router(advice.policy),) if advice else ()),  # last: it marks what the others stored
        Router("declarations", declares=FORMS | MENUS | TIMERS),
    )
