"""Every post is one that Slack takes, or is refused before it is sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.render import WHOLE, Known, message_of
from adapters.slack.views import Asked, asked_in, form_of, values_in
from dialogue.errors import Rejected
from dialogue.posts import (
    Alternative,
    Block,
    Button,
    Buttons,
    Choices,
    Fact,
    Facts,
    Field,
    FieldType,
    Form,
    Heading,
    Menu,
    Paragraph,
    Picture,
    Post,
    Quote,
    Words,
)
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import ChannelId, CommunityId, MemberId, SpaceId
from tests.servers.slack.limits import check_message, check_view

ORIGIN = Origin(CommunityId("c"), SpaceId("T1"), ChannelId("C1"), Audience.PUBLIC)
LONG = ["x" * 75, "x" * 76, "x" * 150, "x" * 151, "x" * 3000, "x" * 3001, "<&>" * 50]
TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(LONG))
WORDS = TEXTS.map(lambda text: Words(text, ORIGIN, MemberId("m")))
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    (TEXTS | WORDS).map(Heading),
    (TEXTS | WORDS).map(Paragraph),
    st.builds(Quote, WORDS, TEXTS, st.none() | st.just("https://a.example/x") | TEXTS),
    st.lists(st.builds(Fact, TEXTS, TEXTS | WORDS), min_size=1, max_size=4).map(lambda facts: Facts(tuple(facts))),
    st.builds(
        Menu,
        TEXTS,
        st.text(min_size=1, max_size=100),
        st.sampled_from(Choices),
        st.integers(1, 25),
        st.lists(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=20)).map(tuple),
    ),
    st.builds(Picture, st.binary(max_size=9), TEXTS),
    st.lists(st.builds(Button, TEXTS, st.text(min_size=1, max_size=20)), min_size=1, max_size=3).map(
        lambda buttons: Buttons(tuple(buttons))
    ),
)


@given(st.lists(BLOCKS, max_size=8))
def test_every_post_fits_or_is_refused(blocks: list[Block]) -> None:
    files = {block: f"F{number}" for number, block in enumerate(blocks) if isinstance(block, Picture) and number % 2}
    try:
        message = message_of(Post(tuple(blocks)), Known({}, files))
    except Rejected:
        return
    check_message(json.loads(json.dumps(message)))


@given(
    st.text(max_size=300),
    st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5, unique=True),
    st.sampled_from([0, 300, 5_000]),
)
def test_every_form_is_a_modal_that_slack_takes_and_that_knows_where_it_was_asked(
    title: str, names: list[str], limit: int
) -> None:
    asked = Asked("C1", "https://hooks.example/1", 1_700_000_000.5, "1700000000.000100")
    form = Form(
        "decline:i1:1", title, tuple(Field(name, name, limit=limit, value="x" * 4_000) for name in names), "Decline"
    )
    view = form_of(form, asked)
    check_view(view)
    assert asked_in(view) == asked
    assert "hooks" not in repr(asked)


@given(
    st.lists(st.text(min_size=1, max_size=100, alphabet="abc123-"), min_size=1, max_size=25, unique=True),
    st.text(max_size=200),
    st.integers(1, 25),
)
def test_every_choice_is_a_select_that_slack_takes_and_what_is_chosen_comes_back(
    values: list[str], label: str, most: int
) -> None:
    field = Field(
        "whom",
        "Whom?",
        FieldType.CHOICE,
        value=values[0],
        alternatives=tuple(Alternative(value, label) for value in values),
        most=min(most, len(values)),
    )
    view = form_of(Form("ask:i1:1", "Ask", (field,), "Ask"), Asked("C1", "https://hooks.example/1", 1.5))
    check_view(view)
    (block,) = view["blocks"]
    assert block["element"]["initial_options"] == block["element"]["options"][:1]
    picked = {"type": "multi_static_select", "selected_options": block["element"]["options"]}
    assert values_in({"state": {"values": {"whom": {"value": picked}}}}) == {"whom": "\n".join(values)}


def test_more_buttons_than_fit_in_a_row_make_more_rows() -> None:
    buttons = tuple(Button(f"Button {number}", f"plan:{number}:1") for number in range(60))
    message = message_of(Post((Buttons(buttons),)))
    check_message(json.loads(json.dumps(message)))
    assert [len(row["elements"]) for row in json.loads(json.dumps(message["blocks"]))] == [25, 25, 10]


def test_a_post_of_the_greatest_length_fits_and_one_more_does_not() -> None:
    check_message(message_of(Post((Paragraph("x" * WHOLE),))))
    with pytest.raises(Rejected):
        message_of(Post((Paragraph("x" * (WHOLE + 1)),)))
    with pytest.raises(Rejected):
        message_of(Post((Paragraph("x"),) * 51))
