"""Routes: which teams get an insight's card and when, and that every card shows what is known now."""

from dialogue.routing.matching import routes_that_hold
from dialogue.routing.sending import Routed, Shown, route
from dialogue.routing.showing import may_show_cards, show_on_cards, show_on_others, show_on_own_cards

__all__ = [
    "Routed",
    "Shown",
    "may_show_cards",
    "route",
    "routes_that_hold",
    "show_on_cards",
    "show_on_others",
    "show_on_own_cards",
]
