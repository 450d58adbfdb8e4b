import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import WebSocketTestSession

from adapters.playground.cast import SPACE
from adapters.playground.frames import LONGEST_FRAME
from dialogue.actions import OutboxId
from dialogue.posts import Button, Buttons, Choices, Menu, Post, plain
from knowledge_base.ids import ChannelId
from tests.integration.playground.conftest import House

TEAM = ChannelId("product-team")
HOSTILE = "<img src=x onerror=alert(1)> @everyone \0 \u202e שלום 😀 '; DROP TABLE x; --"


def asked(page: WebSocketTestSession, **frame: Any) -> dict[str, Any]:
    """What comes of a frame; what else the page is told meanwhile is passed over."""
    page.send_json({"id": 7, **frame})
    return until(page, lambda push: push["type"] in ("answer", "refused"))


def until(page: WebSocketTestSession, wanted: Any) -> dict[str, Any]:
    while not wanted(push := page.receive_json()):
        pass
    return push


def test_a_page_that_comes_late_is_told_everything(house: House) -> None:
    message = house.do(house.platform.say, "anna", "community", "before you came")
    house.do(house.platform.join, "Zoë")
    with house.page() as page:
        snapshot = page.receive_json()
    assert snapshot["type"] == "snapshot"
    assert [room["id"] for room in snapshot["rooms"]] == ["community", "support-forum", "staff", "product-team"]
    assert [one["text"] for one in snapshot["messages"] if one["id"] == message] == ["before you came"]
    assert "Zoë" in [person["name"] for person in snapshot["people"]]


def test_commands_are_offered_to_those_who_may_use_them(house: House) -> None:
    with house.page() as page:
        commands = page.receive_json()["commands"]
    verbs = {role: {(c["noun"], v["name"]) for c in commands[role] for v in c["verbs"]} for role in commands}
    assert set(verbs) == {"customer", "trusted", "staff", "admin"}
    assert ("privacy", "stop") in verbs["customer"]
    assert ("tag", "add") not in verbs["customer"]
    assert ("tag", "add") in verbs["staff"]
    assert verbs["customer"] < verbs["staff"] < verbs["admin"]


def test_what_one_page_says_all_pages_show(house: House) -> None:
    with house.page() as one, house.page() as other:
        answer = asked(one, type="say", by="anna", channel="community", text=HOSTILE)
        assert answer == {
            "id": 7,
            "message": answer["message"],
            "account": None,
            "choices": [],
            "form": None,
            "errors": {},
            "type": "answer",
        }
        for page in (one, other):
            if page is other:
                shown = until(page, lambda push: push["type"] == "message")
                assert shown["message"]["text"] == HOSTILE


def test_every_deed_of_a_page_is_done(house: House) -> None:
    with house.page() as page:
        message = asked(page, type="say", by="anna", channel="community", text="hello")["message"]
        asked(page, type="change", by="anna", message=message, text="hello all")
        asked(page, type="react", by="sam", message=message, emoji="bug")
        asked(page, type="command", by="sam", channel="staff", noun="tag", verb="list")
        account = asked(page, type="join", name="<b>Eve</b>")["account"]
        below = asked(page, type="say", by=account, channel="community", text="below", thread=message, reply_to=message)
        asked(page, type="remove", by=account, message=below["message"])
        page.send_json({"id": 8, "type": "move_clock"})
        clock = until(page, lambda push: push["type"] == "clock")
        assert datetime.fromisoformat(clock["now"]).strftime("%a %H:%M") == "Mon 09:00"
        until(page, lambda push: push["type"] == "answer")
    kept = house.platform.message(message)
    assert (kept.text, kept.reactions) == ("hello all", {"bug": ["sam"]})
    assert house.platform.state.messages[below["message"]].deleted_at
    assert house.platform.person(account).name == "<b>Eve</b>"
    assert len(house.moves) == 1


def test_what_cannot_be_done_is_answered_with_a_sentence(house: House) -> None:
    with house.page() as page:
        answer = asked(page, type="say", by="anna", channel="staff", text="let me in")
        assert answer == {"id": 7, "text": "Only staff can write there.", "type": "refused"}
        assert "no such command" in asked(page, type="command", by="sam", channel="staff", noun="rm", verb="rf")["text"]


def test_a_button_with_a_form_opens_it_and_wrong_fields_are_named(house: House) -> None:
    post = Post((Buttons((Button("Decline…", "decline:i1:0"), Button("Plan", "plan:i1:0"))),))
    ref = house.do(house.bot.chat.send, SPACE, TEAM, None, post, OutboxId("k"))
    with house.page() as page:
        press = {"type": "press", "by": "sam", "message": ref.message, "custom_id": "decline:i1:0"}
        form = asked(page, **press)["form"]
        assert (form["title"], form["fields"][0]["name"]) == ("Decline Problem #1", "reason")
        assert not house.platform.state.undelivered
        submit = {"type": "submit", "by": "sam", "channel": TEAM, "custom_id": form["custom_id"]}
        assert asked(page, **submit, values={"reason": " "})["errors"] == {"reason": "Please say why."}
        assert not house.platform.state.undelivered
        assert asked(page, **submit, values={"reason": "too rare"})["errors"] == {}
        assert asked(page, **{**press, "custom_id": "plan:i1:0"})["form"] is None
    assert [fact.type for _, fact in house.platform.state.undelivered] == ["submitted", "pressed"]


def test_what_somebody_chose_is_told_to_the_bot_and_shown_on_every_page(house: House) -> None:
    post = Post((Menu("Choose a channel", "setup_team::", Choices.CHANNELS),))
    ref = house.do(house.bot.chat.send, SPACE, TEAM, None, post, OutboxId("k"))
    choose = {"type": "choose", "by": "sam", "message": ref.message, "custom_id": "setup_team::"}
    with house.page() as page, house.page() as other:
        assert "not among" in asked(page, **choose, selected=["nowhere"])["text"]
        assert asked(page, **choose, selected=["staff"])["type"] == "answer"
        shown = until(other, lambda push: push["type"] == "message")
    assert [block["selected"] for block in shown["message"]["blocks"]] == [["staff"]]
    assert [fact.type for _, fact in house.platform.state.undelivered] == ["chosen"]


def test_an_option_is_completed(house: House) -> None:
    with house.page() as page:
        answer = asked(page, type="complete", by="sam", noun="tag", verb="add", option="tag", typed="b")
    assert [choice["value"] for choice in answer["choices"]] == ["bug", "billing"]


def test_what_was_understood_is_told_as_soon_as_it_is_known(house: House) -> None:
    with house.page() as page:
        message = asked(page, type="say", by="anna", channel="community", text="the export drops my tags")["message"]
        asked(page, type="why", message=message)
        not_yet = until(page, lambda push: push["type"] == "understood" and push["message"] == message)
        assert not not_yet["kept"]
        _, events = house.do(house.platform.undelivered)
        house.do(house.bot.accept, events)
        known = until(page, lambda push: push["type"] == "understood" and push["kept"])
        assert (known["kind"], known["insight"], known["routes"]) == ("problem", 1, [1])
    with house.page() as late:
        assert [one["message"] for one in late.receive_json()["understood"] if one["kept"]] == [message]


def test_trouble_with_keeping_is_shown_to_everybody(house: House) -> None:
    with house.page() as page:
        page.receive_json()
        house.do(house.platform.in_trouble, "the disk is full")
        assert until(page, lambda push: push["type"] == "delivery")["trouble"] == "the disk is full"


@pytest.mark.parametrize(
    "frame",
    [
        "", "nonsense", "[]", "{}", "null", '{"type":"say"}', '{"id":1,"type":"nothing"}',
        '{"id":"x","type":"join","name":"a"}', '{"id":1,"type":"say","by":"anna","channel":"community","text":7}',
        '{"id":1,"type":"join","name":"\\ud800"}',
        "x" * (LONGEST_FRAME + 1), "[" * 5000,
    ],
)  # fmt: skip
def test_a_bad_frame_is_answered_and_the_socket_lives(house: House, frame: str) -> None:
    with house.page() as page:
        page.send_text(frame)
        assert until(page, lambda push: push["type"] == "refused")["text"]
        page.send_bytes(b"\xff\x00")
        assert until(page, lambda push: push["type"] == "refused")["text"]
        assert asked(page, type="say", by="anna", channel="community", text="still here")["message"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_any_text_is_shown_as_it_was_said(house: House, text: str) -> None:
    with house.page() as page:
        message = asked(page, type="say", by="anna", channel="community", text=text)["message"]
    assert house.platform.message(message).text == text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    frame=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)
    )
)
def test_no_frame_kills_the_socket(house: House, frame: object) -> None:
    with house.page() as page:
        page.send_text(json.dumps(frame))
        assert until(page, lambda push: push["type"] == "refused")["text"]


def test_a_reply_of_the_bots_reaches_the_page_for_its_reader_alone(house: House) -> None:
    with house.page() as page:
        asked(page, type="command", by="ben", channel="community", noun="help", verb="show")
        _, (event,) = house.do(house.platform.undelivered)
        house.do(
            house.bot.chat.reply,
            SPACE,
            ChannelId("community"),
            event.actor.account,
            event.handle,
            plain("hi"),
            OutboxId("k"),
        )
        shown = until(page, lambda push: push["type"] == "message")
    assert shown["message"]["to"] == "ben"
