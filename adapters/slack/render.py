"""A post as Block Kit. The fence has let every word in it pass already.

Words go into rich text, whose elements are taken literally: nothing in them is markup, a mention or a link. The plain
``text`` beside the blocks, for notifications, is escaped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.slack.wording import escaped
from dialogue import posts
from dialogue.errors import Rejected
from dialogue.plain import plain_text, said
from dialogue.posts import (
    Button,
    Buttons,
    Choices,
    Document,
    Emphasis,
    Fact,
    Facts,
    Heading,
    Menu,
    Paragraph,
    Picture,
    Post,
    Quote,
    Secret,
    Text,
)

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
PLACEHOLDER: Final = 150
OPTION: Final = 75
ALT: Final = 2_000
SELECT: Final = "select:"
"""What a menu's ``action_id`` begins with; its custom id follows."""
_MARKUP: Final = frozenset("&<>")


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack was asked for before a post can be shown: names of what is chosen, files of its pictures, by id."""

    names: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[Picture, str] = field(default_factory=dict)


NOTHING: Final = Known()


def message_of(post: Post, known: Known = NOTHING) -> dict[str, object]:
    """The parts of a message that show the post. Raises Rejected if it is too long for one."""
    blocks = blocks_of(post, known)
    if len(blocks) > BLOCKS or _length(blocks) > WHOLE:
        raise Rejected(f"a post has at most {BLOCKS} blocks and {WHOLE} characters here")
    fallback = escaped(plain_text(post)[:FALLBACK]) or " "
    return {"text": fallback, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def blocks_of(post: Post, known: Known = NOTHING) -> list[Block]:
    """The post's blocks in order."""
    return [rendered for block in post.blocks for rendered in _block(block, known)]


def _block(block: posts.Block, known: Known) -> Iterator[Block]:
    match block:
        case Heading():
            yield _heading(_clean(block.text))
        case Paragraph() | Secret():
            yield _rich(_section(_pieces(_clean(block.text))))
        case Quote():
            yield _rich(_quote(block), _section([_text(f"— {_clean(block.author)}"), *_link(block.link)]))
        case Facts():
            yield _rich(_section([element for fact in block.facts for element in _fact(fact)]))
        case Menu():
            yield {"type": "section", "text": plain_object(block.label, PIECE), "accessory": _menu(block, known)}
        case Picture():
            yield _picture(block, known)
        case Document():
            yield _rich(_section(_pieces(_clean(block.instead))))
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
        "text": plain_object(button.label, BUTTON),
        "action_id": f"button:{number}",
        "value": button.custom_id,
    }
    return shown if button.emphasis is Emphasis.PLAIN else shown | {"style": button.emphasis.value}


def _picture(picture: Picture, known: Known) -> Block:
    """What can't be shown is told in words."""
    if picture not in known.files:
        return _rich(_section(_pieces(_clean(picture.alt))))
    return {"type": "image", "slack_file": {"id": known.files[picture]}, "alt_text": picture.alt[:ALT] or "…"}


def _menu(menu: Menu, known: Known) -> Block:
    shown: Block = {"action_id": f"{SELECT}{menu.custom_id}", "placeholder": plain_object(menu.label, PLACEHOLDER)}
    match menu.choices:
        case Choices.CHANNELS:
            return shown | _channels(menu)
        case Choices.GROUPS:
            shown |= {"type": "multi_external_select", "min_query_length": 0, "max_selected_items": menu.most}
            chosen = [choice_object(one, known.names.get(one, one)) for one in menu.selected[: menu.most]]
            return shown | {"initial_options": chosen} if chosen else shown


def _channels(menu: Menu) -> Block:
    heard: Block = {"filter": {"include": ["public", "private"], "exclude_bot_users": True}}
    if menu.most == 1:
        chosen: Block = {"initial_conversation": menu.selected[0]} if menu.selected else {}
        return heard | {"type": "conversations_select"} | chosen
    chosen = {"initial_conversations": list(menu.selected[: menu.most])} if menu.selected else {}
    return heard | {"type": "multi_conversations_select", "max_selected_items": menu.most} | chosen


def choice_object(value: str, label: str) -> Block:
    """One thing to choose, as every select takes it."""
    return {"text": plain_object(label, OPTION), "value": value}


def plain_object(words: str, most: int) -> Block:
    """A text of which nothing is markup, cut to what fits."""
    shown = words if len(words) <= most else words[: most - 1] + "…"
    return {"type": "plain_text", "text": shown or "…", "emoji": False}


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


def _length(node: object) -> int:
    """Characters of all the texts in it."""
    if isinstance(node, dict):
        words = node.get("text")
        own = len(words) if isinstance(words, str) else 0
        return own + sum(_length(value) for value in node.values() if isinstance(value, (dict, list)))
    return sum(map(_length, node)) if isinstance(node, list) else 0
