"""How everything is put together: the only place that names concrete classes."""

from bot.wiring.core import (
    Core,
    advice_of,
    key_in,
    make_core,
    make_program,
    open_storage,
    sealer_of,
    throwaway_sealer,
)
from bot.wiring.platforms import NotConnected, greet_discord, greet_slack, make_bot
from bot.wiring.playground import PlaygroundParts, make_playground
from bot.wiring.replay import ReplayParts, make_replay

__all__ = [
    "Core",
    "NotConnected",
    "PlaygroundParts",
    "ReplayParts",
    "advice_of",
    "greet_discord",
    "greet_slack",
    "key_in",
    "make_bot",
    "make_core",
    "make_playground",
    "make_program",
    "make_replay",
    "open_storage",
    "sealer_of",
    "throwaway_sealer",
]
