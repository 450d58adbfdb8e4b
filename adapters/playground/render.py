"""How a post of the bot looks here. The fence has let every word in it pass already."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from adapters.playground.facts import (
    Block,
    ButtonsBlock,
    DocumentBlock,
    FactsBlock,
    MenuBlock,
    PictureBlock,
    QuoteBlock,
    TextBlock,
)
from dialogue import posts
from dialogue.posts import Post, Text, Words

LARGEST_DOCUMENT: Final = 2 * 1024 * 1024
"""Bytes; a page that comes is given the files of all messages that it shows."""


def blocks_of(post: Post) -> tuple[Block, ...]:
    """The post's blocks in order, as the page shows them."""
    return tuple(_block(block) for block in post.blocks)


def length_of(blocks: Iterable[Block]) -> int:
    """How many characters people read, labels and buttons included."""
    return sum(len(text) for block in blocks for text in texts_of(block))


def texts_of(block: Block) -> tuple[str, ...]:
    """Every text in a block."""
    match block:
        case TextBlock():
            return (block.text,)
        case QuoteBlock():
            return (block.text, block.author)
        case FactsBlock():
            return tuple(text for fact in block.facts for text in fact)
        case ButtonsBlock():
            return tuple(button.label for button in block.buttons)
        case MenuBlock():
            return (block.label,)
        case PictureBlock():
            return (block.alt,)
        case DocumentBlock():
            return (block.name,)


def _block(block: posts.Block) -> Block:
    match block:
        case posts.Heading():
            return TextBlock("heading", _plain(block.text))
        case posts.Paragraph() | posts.Secret():
            return TextBlock("paragraph", _plain(block.text))
        case posts.Quote():
            return QuoteBlock(_plain(block.words), _plain(block.author), block.link)
        case posts.Facts():
            return FactsBlock(tuple((fact.label, _plain(fact.value)) for fact in block.facts))
        case posts.Buttons():
            return ButtonsBlock(block.buttons)
        case posts.Menu():
            return MenuBlock(block.label, block.custom_id, block.choices, block.most, block.selected)
        case posts.Picture():
            return PictureBlock(b64encode(block.png).decode(), storable(block.alt))
        case posts.Document() if len(block.content) > LARGEST_DOCUMENT:
            return TextBlock("paragraph", storable(block.instead))
        case posts.Document():
            return DocumentBlock(storable(block.name), block.type, b64encode(block.content).decode())


def _plain(text: Text) -> str:
    return storable(text.text if isinstance(text, Words) else text)


def storable(text: str) -> str:
    """The text with halves of characters, which no file can hold, replaced."""
    return text.encode("utf-8", "replace").decode()
