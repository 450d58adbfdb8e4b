"""Handlers and declarations fit together, or the program does not start."""

import pytest

from dialogue import deciding, digests
from dialogue.buttons import BUTTONS, OPENINGS
from dialogue.commands.catalogue import COMMANDS
from dialogue.router import Dispatcher, Router, RoutingError
from dialogue.routers import routers
from tests.stage import UNDERSTANDING

VERBS = [button.verb for button in BUTTONS]


async def nothing(event: object, context: object) -> tuple[()]:
    return ()


def without(*keys: str) -> list[Router]:
    given = list(routers(UNDERSTANDING))
    for router in given:
        for key in keys:
            router.handlers.pop(key, None)
    return given


def test_all_handlers_together_fit() -> None:
    Dispatcher(routers(UNDERSTANDING), COMMANDS, VERBS)


@pytest.mark.parametrize(
    "key", ["message_posted", "message_deleted", "reaction_removed", "button:ship", "command:help:show"]
)
def test_a_forgotten_handler_fails_the_start(key: str) -> None:
    with pytest.raises(RoutingError, match=key):
        Dispatcher(without(key), COMMANDS, VERBS)


@pytest.mark.parametrize("key", ["form:decline", "timer:digest"])
def test_a_forgotten_form_or_timer_fails_the_start(key: str) -> None:
    with pytest.raises(RoutingError, match=key):
        Dispatcher(without(key), COMMANDS, VERBS)


@pytest.mark.parametrize("key", ["message_eaten", "button:explode", "command:no:such"])
def test_an_unknown_handler_fails_the_start(key: str) -> None:
    extra = Router("extra", {key: nothing})
    with pytest.raises(RoutingError, match=key):
        Dispatcher([*routers(UNDERSTANDING), extra], COMMANDS, VERBS)


@pytest.mark.parametrize("key", ["form:nobody", "timer:nobody", "buton:ship"])
def test_an_unknown_form_timer_or_misspelt_handler_fails_the_start(key: str) -> None:
    extra = Router("extra", {key: nothing})
    with pytest.raises(RoutingError, match=key):
        Dispatcher([*routers(UNDERSTANDING), extra], COMMANDS, VERBS)


def test_every_form_is_called_as_its_button_and_can_be_built() -> None:
    opening = [button for button in BUTTONS if button.form]

    assert [button.form for button in opening] == [button.verb for button in opening]
    in_menus = {verb.form for command in COMMANDS for verb in command.verbs if verb.form}
    assert {button.form for button in opening} | in_menus == {*OPENINGS}


def test_two_handlers_of_one_button_fail_the_start() -> None:
    with pytest.raises(RoutingError, match="button:plan"):
        Dispatcher([*routers(UNDERSTANDING), Router("extra", {"button:plan": nothing})], COMMANDS, VERBS)
    with pytest.raises(RoutingError, match="two handlers"):
        deciding.router().on("button:plan")(nothing)
    with pytest.raises(RoutingError, match="two handlers"):
        digests.router().on("timer:digest")(nothing)
