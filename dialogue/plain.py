"""A post as plain text: for chats that show nothing else, for files, and for comparing what was said."""

from dialogue.posts import (
    Block,
    Buttons,
    Document,
    Facts,
    Heading,
    Menu,
    Paragraph,
    Picture,
    Post,
    Quote,
    Secret,
    Text,
    Words,
)


def plain_text(post: Post) -> str:
    """Block after block, a line each or more; buttons as ``[label]``. The same post always gives the same text."""
    return "\n".join(_block(block) for block in post.blocks)


def said(text: Text) -> str:
    """The characters of a text, whoever said it."""
    return text.text if isinstance(text, Words) else text


def _block(block: Block) -> str:
    match block:
        case Heading() | Paragraph():
            return said(block.text)
        case Secret():
            return block.text
        case Quote():
            link = f" {block.link}" if block.link else ""
            return f"{_quoted(block.words.text)}\n— {said(block.author)}{link}"
        case Facts():
            return "\n".join(f"{fact.label}: {said(fact.value)}" for fact in block.facts)
        case Buttons():
            return " ".join(f"[{button.label}]" for button in block.buttons)
        case Menu():
            return f"[{block.label} ▾]"
        case Picture():
            return f"({block.alt})"
        case Document():
            return f"({block.name})"


def _quoted(words: str) -> str:
    return "\n".join(f"> {line}" for line in words.split("\n"))
