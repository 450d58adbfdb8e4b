"""What is too long for one message is parted between blocks, and nothing of it is left out."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.plain import plain_text
from dialogue.posts import Button, Buttons, Fact, Facts, Heading, Paragraph, Post
from dialogue.splitting import split

TEXT = st.text("abc ", min_size=1, max_size=400)
BLOCK = st.one_of(
    TEXT.map(Heading),
    TEXT.map(Paragraph),
    st.lists(st.builds(Fact, TEXT, TEXT), min_size=1, max_size=20).map(lambda facts: Facts(tuple(facts))),
    st.just(Buttons((Button("Plan", "plan:1:0"),))),
)


def length(post: Post) -> int:
    return len(plain_text(post))


@given(st.lists(BLOCK, max_size=12).map(lambda blocks: Post(tuple(blocks))))
def test_every_word_is_there_in_its_order_and_no_part_is_longer_than_it_must_be(post: Post) -> None:
    parts = split(post, 1000)
    assert "\n".join(map(plain_text, parts)) == plain_text(post)
    for part in parts:
        alone = len(part.blocks) == 1 and not (isinstance(part.blocks[0], Facts) and len(part.blocks[0].facts) > 1)
        assert length(part) <= 750 or alone
    assert all(part.blocks for part in parts) or not post.blocks


def test_what_fits_is_left_whole() -> None:
    post = Post((Heading("Open"), Facts((Fact("a", "b"), Fact("c", "d"))), Paragraph("more")))
    assert list(split(post, 4000)) == [post]
    assert list(split(Post(()), 4000)) == [Post(())]
