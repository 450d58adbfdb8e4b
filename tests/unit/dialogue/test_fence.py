"""The fence: an exhaustive matrix, and properties that hold for any post."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.fence import BUTTONS, HEADING, QUOTE, Destination, Fence, Private, may_pass
from dialogue.plain import plain_text
from dialogue.ports import Masker
from dialogue.posts import (
    Button,
    Buttons,
    Choices,
    Fact,
    Facts,
    Heading,
    Menu,
    Paragraph,
    Picture,
    Post,
    Quote,
    Secret,
    Words,
)
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Channel, Mode, Origin, Shared
from knowledge_base.ids import ChannelId, CommunityId, MemberId, SpaceId
from knowledge_base.members import Role

PUBLIC, MEMBERS, PRIVATE, INTERNAL = Audience
SECRET = "xyzzy-secret"


class Stars(Masker):
    """Masks one word, so that it is seen where masking happens."""

    def mask(self, text: str) -> str:
        return text.replace("hunter2", "[password]")


FENCE = Fence(Stars(), Texts.load())
WITHHELD = Texts.load().say("fence.withheld")


def channel(
    audience: Audience = PUBLIC,
    shared: Shared = Shared.NO,
    space: str = "s1",
    name: str = "there",
    community: str = "acme",
) -> Channel:
    return Channel(CommunityId(community), SpaceId(space), ChannelId(name), name, audience, Mode.ON_MENTION, shared)


def words(
    audience: Audience = PUBLIC,
    shared: Shared = Shared.NO,
    space: str = "s1",
    place: str = "here",
    community: str = "acme",
    allowed: bool = False,
    text: str = SECRET,
) -> Words:
    origin = Origin(CommunityId(community), SpaceId(space), ChannelId(place), audience, shared)
    return Words(text, origin, MemberId("anna"), allowed)


def expected(said: Words, to: Channel) -> bool:
    """The matrix of the design, written once more as a table of what may pass."""
    same = (said.origin.space, said.origin.channel) == (to.space, to.id)
    if same:
        return True
    if to.shared is not Shared.NO:
        return False
    inside = to.audience is INTERNAL
    if said.origin.shared is not Shared.NO:
        return inside and (said.origin.audience is not PRIVATE or said.private_allowed)
    return {
        PUBLIC: True,
        MEMBERS: inside or (to.audience is MEMBERS and said.origin.space == to.space),
        PRIVATE: inside and said.private_allowed,
        INTERNAL: inside,
    }[said.origin.audience]


CASES = list(itertools.product(Audience, Shared, Audience, Shared, ("s1", "s2"), ("here", "there"), (False, True)))


@pytest.mark.parametrize(("said_in", "said_shared", "to", "to_shared", "space", "name", "allowed"), CASES)
def test_words_pass_exactly_as_the_matrix_says(
    said_in: Audience, said_shared: Shared, to: Audience, to_shared: Shared, space: str, name: str, allowed: bool
) -> None:
    said, there = words(said_in, said_shared, allowed=allowed), channel(to, to_shared, space, name)

    assert may_pass(said, there) is expected(said, there)


@pytest.mark.parametrize(("said_in", "to"), list(itertools.product(Audience, Audience)))
def test_nothing_reaches_another_community(said_in: Audience, to: Audience) -> None:
    said = words(said_in, allowed=True)

    assert not may_pass(said, channel(to, community="other"))
    assert not may_pass(said, channel(to, community="other", name="here"))
    assert not may_pass(said, Private(CommunityId("other"), MemberId("anna"), Role.ADMIN))


@pytest.mark.parametrize(
    ("role", "said_in", "shared", "allowed", "passes"),
    [
        (Role.CUSTOMER, PUBLIC, Shared.NO, False, True),
        (Role.CUSTOMER, PUBLIC, Shared.UNKNOWN, True, False),
        (Role.CUSTOMER, MEMBERS, Shared.NO, True, False),
        (Role.CUSTOMER, PRIVATE, Shared.NO, True, False),
        (Role.CUSTOMER, INTERNAL, Shared.NO, True, False),
        (Role.STAFF, PUBLIC, Shared.YES, False, True),
        (Role.STAFF, MEMBERS, Shared.NO, False, True),
        (Role.STAFF, PRIVATE, Shared.NO, False, False),
        (Role.STAFF, PRIVATE, Shared.NO, True, True),
        (Role.ADMIN, INTERNAL, Shared.NO, False, True),
        (Role.BOT, MEMBERS, Shared.NO, True, False),
    ],
)
def test_one_person_alone_reads_what_their_role_allows(
    role: Role, said_in: Audience, shared: Shared, allowed: bool, passes: bool
) -> None:
    reader = Private(CommunityId("acme"), MemberId("ben"), role)

    assert may_pass(words(said_in, shared, allowed=allowed), reader) is passes


@pytest.mark.parametrize(("said_in", "shared"), list(itertools.product(Audience, Shared)))
def test_people_may_always_read_their_own_words(said_in: Audience, shared: Shared) -> None:
    said = words(said_in, shared)

    assert may_pass(said, Private(CommunityId("acme"), MemberId("anna"), Role.CUSTOMER))
    assert not may_pass(words(MEMBERS, shared), Private(CommunityId("acme"), None, Role.CUSTOMER))


audiences, sharings = st.sampled_from(Audience), st.sampled_from(Shared)
origins = st.builds(
    words, audiences, sharings, st.sampled_from(["s1", "s2"]), st.sampled_from(["here", "there"]),
    st.sampled_from(["acme", "other"]), st.booleans(), st.text(max_size=20).map(lambda t: f"{SECRET}{t}"),
)  # fmt: skip
destinations: st.SearchStrategy[Destination] = st.one_of(
    st.builds(channel, audiences, sharings, st.sampled_from(["s1", "s2"]), st.sampled_from(["here", "there"])),
    st.builds(
        Private,
        st.just(CommunityId("acme")),
        st.sampled_from([None, MemberId("anna"), MemberId("ben")]),
        st.sampled_from(Role),
    ),
)
blocks = st.one_of(
    st.builds(Heading, origins),
    st.builds(Paragraph, origins),
    st.builds(Quote, origins, origins, st.just(f"https://chat.example/{SECRET}")),
    st.builds(lambda w: Facts((Fact("label", w), Fact("own", "text"))), origins),
)


def _all_words(post: Post) -> list[Words]:
    found: list[Words] = []
    for block in post.blocks:
        match block:
            case Heading() | Paragraph():
                found += [block.text] if isinstance(block.text, Words) else []
            case Quote():
                found += [block.words] + ([block.author] if isinstance(block.author, Words) else [])
            case Facts():
                found += [fact.value for fact in block.facts if isinstance(fact.value, Words)]
    return found


@given(st.lists(blocks, max_size=6), destinations)
def test_no_forbidden_word_author_or_link_ever_leaves(given_blocks: list, destination: Destination) -> None:
    post = Post(tuple(given_blocks))
    out = FENCE.let_out(post, destination)

    assert all(may_pass(said, destination) for said in _all_words(out))
    if not any(may_pass(said, destination) for said in _all_words(post)):
        assert SECRET not in repr(out)


def test_a_withheld_quote_becomes_a_sentence_without_author_and_link() -> None:
    said = words(PRIVATE)
    quote = Quote(said, words(PRIVATE, text="anna the author"), "https://chat.example/1")

    assert FENCE.let_out(Post((quote,)), channel(PUBLIC)).blocks == (Paragraph(WITHHELD),)


def test_a_quote_that_passes_keeps_author_and_link() -> None:
    quote = Quote(words(PUBLIC), words(PUBLIC, text="Anna"), "https://chat.example/1")

    assert FENCE.let_out(Post((quote,)), channel(INTERNAL)).blocks == (quote,)


def test_every_text_is_masked() -> None:
    secret = "my password is hunter2"
    post = Post(
        (
            Heading(secret),
            Paragraph(words(text=secret)),
            Quote(words(text=secret), words(text=secret)),
            Facts((Fact(secret, secret), Fact("said", words(text=secret)))),
            Buttons((Button(secret, "plan:i:0"),)),
        )
    )

    out = FENCE.let_out(post, channel(INTERNAL))

    assert "hunter2" not in repr(out)
    assert repr(out).count("[password]") == 8


@given(st.text(), destinations)
def test_what_leaves_is_short_and_holds_no_unseen_characters(text: str, destination: Destination) -> None:
    out = FENCE.let_out(Post((Heading(text * 50), Quote(words(text=text * 100), text))), channel(PUBLIC))

    shown = plain_text(out)
    assert len(out.blocks[0].text) <= HEADING
    assert all(len(said.text) <= QUOTE for said in _all_words(out))
    assert not re.search("[\x00\ud800-\udfff\u202e]", shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://x y", "ftp://x", "h" * 600]
)
def test_what_is_no_web_address_is_no_link(link: str) -> None:
    out = FENCE.let_out(Post((Quote(words(), "Anna", link),)), channel())

    assert out.blocks[0].link is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Anna\nStatus: shipped", "Anna Status: shipped"),
        ("Anna\u2028\tStatus:\r\n shipped", "Anna Status: shipped"),
        ("\u202eannA\u2066", "annA"),
        ("An\u200bn\u00ada\u200f \u3164", "Anna"),
        ("hun\u200dter2", "[password]"),
        ("\N{WOMAN}\u200d\N{PERSONAL COMPUTER}", "\N{WOMAN}\u200d\N{PERSONAL COMPUTER}"),
    ],
)
def test_what_stands_in_a_line_of_its_own_is_one_line_of_seen_characters(typed: str, shown: str) -> None:
    said = words(text=typed)
    facts, buttons = Facts((Fact(typed, said),)), Buttons((Button(typed, "plan:i:0"),))
    post = Post((Heading(said), Quote(words(), said), facts, buttons))

    heading, quote, facts, buttons = FENCE.let_out(post, channel(INTERNAL)).blocks

    assert heading.text.text == quote.author.text == facts.facts[0].value.text == shown
    assert facts.facts[0].label == buttons.buttons[0].label == shown


def test_a_quote_keeps_its_lines() -> None:
    out = FENCE.let_out(Post((Quote(words(text="one\u2028two\nthree"), "Anna"),)), channel(INTERNAL))

    assert out.blocks[0].words.text == "one\ntwo\nthree"


def test_buttons_that_no_platform_carries_are_left_out() -> None:
    post = Post((Buttons((Button("long", "x" * 101), *(Button(str(i), f"plan:{i}:0") for i in range(30)))),))

    assert len(FENCE.let_out(post, channel()).blocks[0].buttons) == BUTTONS


def test_a_line_is_one_line_and_fenced() -> None:
    reader = Private(CommunityId("acme"), None, Role.STAFF)

    assert FENCE.line(words(text="a\nb  c"), reader) == "a b c"
    assert FENCE.line(words(PRIVATE), reader) == WITHHELD


def test_menus_and_pictures_pass_with_their_own_words_masked() -> None:
    menu = Menu("Choose hunter2\n@now", "setup_team::", Choices.CHANNELS, 3, ("c1",))
    picture = Picture(b"png", "Demand of hunter2")
    shown = FENCE.let_out(Post((menu, picture)), channel()).blocks
    assert shown == (
        Menu("Choose [password] @now", "setup_team::", Choices.CHANNELS, 3, ("c1",)),
        Picture(b"png", "Demand of [password]"),
    )
    assert plain_text(Post(shown)) == "[Choose [password] @now ▾]\n(Demand of [password])"


def test_a_secret_passes_to_its_owner_alone_and_as_it_is() -> None:
    """A code is of no use if it is masked."""
    post = Post((Secret("hunter2", MemberId("anna")),))
    reader = Private(CommunityId("acme"), MemberId("anna"), Role.CUSTOMER)
    assert FENCE.let_out(post, reader).blocks == post.blocks
    assert plain_text(post) == "hunter2"
    for other in (
        channel(),
        Private(CommunityId("acme"), MemberId("ben"), Role.ADMIN),
        Private(CommunityId("acme"), None, Role.STAFF),
    ):
        assert FENCE.let_out(post, other).blocks == (Paragraph(WITHHELD),)


def test_a_menu_that_no_platform_could_bring_back_is_left_out() -> None:
    post = Post((Menu("Choose", "x" * 101, Choices.GROUPS), Paragraph("still here")))
    assert FENCE.let_out(post, channel()).blocks == (Paragraph("still here"),)
