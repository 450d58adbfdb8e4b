"""A post as Block Kit. The fence has let every word in it pass already.

Words go into rich text, whose elements are taken literally: nothing in them is markup, a mention or a link. The plain
``text`` beside the blocks, for notifications, is escaped.
"""

from collections.abc import Iterator
from typing import Final

from adapters.slack.wording import escaped
from dialogue import posts
from dialogue.errors import Rejected
from dialogue.plain import plain_text, said
from dialogue.posts import Button, Buttons, Emphasis, Fact, Facts, Heading, Paragraph, Post, Quote, Text

Block = dict[str, object]

HEADER: Final = 150
PIECE: Final = 3_000
"""Characters of one text."""
WHOLE: Final = 12_000
"""Characters of all the blocks of a message."""
BLOCKS: Final = 50
ROW: Final = 25
FALLBACK: Final = 4_000
BUTTON: Final = 75
_MARKUP: Final = frozenset("&<>")


def message_of(post: Post) -> dict[str, object]:
    """The parts of a message that show the post. Raises Rejected if it is too long for one."""
    blocks = blocks_of(post)
    if len(blocks) > BLOCKS or sum(len(text) for text in _texts(blocks)) > WHOLE:
        raise Rejected(f"a post has at most {BLOCKS} blocks and {WHOLE} characters here")
    fallback = escaped(plain_text(post)[:FALLBACK]) or " "
    return {"text": fallback, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def blocks_of(post: Post) -> list[Block]:
    """The post's blocks in order."""
    return [rendered for block in post.blocks for rendered in _block(block)]


def _block(block: posts.Block) -> Iterator[Block]:
    match block:
        case Heading():
            yield _heading(_clean(block.text))
        case Paragraph():
            yield _rich(_section(_pieces(_clean(block.text))))
        case Quote():
            yield _rich(_quote(block), _section([_text(f"— {_clean(block.author)}"), *_link(block.link)]))
        case Facts():
            yield _rich(_section([element for fact in block.facts for element in _fact(fact)]))
        case Buttons():
            for start in range(0, len(block.buttons), ROW):
                yield _row(block.buttons[start : start + ROW], start)


def _heading(text: str) -> Block:
    """A header where that shows the text as it is; else bold."""
    if text.strip() and len(text) <= HEADER and not _MARKUP & set(text):
        return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}
    return _rich(_section([_text(text, bold=True)]))


def _quote(block: Quote) -> Block:
    return {"type": "rich_text_quote", "elements": _pieces(_clean(block.words))}


def _fact(fact: Fact) -> list[Block]:
    return [_text(f"{fact.label}: ", bold=True), *_pieces(_clean(fact.value)), _text("\n")]


def _row(buttons: tuple[Button, ...], start: int) -> Block:
    return {"type": "actions", "elements": [_button(button, start + index) for index, button in enumerate(buttons)]}


def _button(button: Button, number: int) -> Block:
    shown: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": button.label[:BUTTON] or "…", "emoji": False},
        "action_id": f"button:{number}",
        "value": button.custom_id,
    }
    return shown if button.emphasis is Emphasis.PLAIN else shown | {"style": button.emphasis.value}


def _link(address: str | None) -> list[Block]:
    if address is None or not address.startswith(("http://", "https://")):
        return []
    return [_text("  "), {"type": "link", "url": address, "text": "↗"}]


def _rich(*parts: Block) -> Block:
    return {"type": "rich_text", "elements": list(parts)}


def _section(elements: list[Block]) -> Block:
    return {"type": "rich_text_section", "elements": elements}


def _pieces(text: str) -> list[Block]:
    return [_text(text[start : start + PIECE]) for start in range(0, len(text), PIECE)] or [_text(" ")]


def _text(text: str, *, bold: bool = False) -> Block:
    element: Block = {"type": "text", "text": text or " "}
    return element | {"style": {"bold": True}} if bold else element


def _clean(text: Text) -> str:
    """Halves of characters, which no JSON reader agrees about, are replaced."""
    return said(text).encode("utf-8", "replace").decode()


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _texts(one)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
