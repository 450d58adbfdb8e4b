"""A post that is too long for one message, as several, parted between blocks.

Only for what one person is told, which is never changed afterwards. What stands in a channel is one message: an edit
has to reach every word of it, so there the platform's adapter cuts what does not fit.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dialogue.plain import plain_text
from dialogue.posts import Block, Facts, Post

_ROOM: Final = 0.75
"""The part of a limit that the bare text may take: markup and escapes need room too."""


def split(post: Post, limit: int) -> Sequence[Post]:
    """The post in parts of at most ``limit`` characters as far as its blocks allow; at least one, none of them empty.

    A block that is too long by itself is a part of its own.
    """
    room = int(limit * _ROOM)
    parts: list[list[Block]] = [[]]
    for block in _pieces(post, room):
        if parts[-1] and _length([*parts[-1], block]) > room:
            parts.append([])
        parts[-1].append(block)
    return [Post(tuple(part)) for part in parts]


def _pieces(post: Post, room: int) -> Iterator[Block]:
    """Blocks; of a table that is too long, a few lines each."""
    for block in post.blocks:
        if not isinstance(block, Facts):
            yield block
            continue
        lines: list[Facts] = [Facts(())]
        for fact in block.facts:
            longer = Facts((*lines[-1].facts, fact))
            if lines[-1].facts and _length([longer]) > room:
                lines.append(Facts((fact,)))
            else:
                lines[-1] = longer
        yield from lines


def _length(blocks: Sequence[Block]) -> int:
    return len(plain_text(Post(tuple(blocks))))
