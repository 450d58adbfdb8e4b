"""How a post of the bot looks here. The fence has let every word in it pass already."""

from collections.abc import Iterable

from adapters.playground.facts import Block, ButtonsBlock, FactsBlock, QuoteBlock, TextBlock
from dialogue import posts
from dialogue.posts import Post, Text, Words


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


def _block(block: posts.Block) -> Block:
    match block:
        case posts.Heading():
            return TextBlock("heading", _plain(block.text))
        case posts.Paragraph():
            return TextBlock("paragraph", _plain(block.text))
        case posts.Quote():
            return QuoteBlock(_plain(block.words), _plain(block.author), block.link)
        case posts.Facts():
            return FactsBlock(tuple((fact.label, _plain(fact.value)) for fact in block.facts))
        case posts.Buttons():
            return ButtonsBlock(block.buttons)


def _plain(text: Text) -> str:
    return storable(text.text if isinstance(text, Words) else text)


def storable(text: str) -> str:
    """The text with halves of characters, which no file can hold, replaced."""
    return text.encode("utf-8", "replace").decode()
