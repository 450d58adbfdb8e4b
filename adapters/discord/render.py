"""A post as a message of Discord, in its Components V2, as plain data.

Components were chosen over embeds because they keep the order of blocks, put buttons where they belong, fetch no
preview for links, and carry numbers of their own: those mark which outbox row a message is of, without anybody seeing
it (see :func:`marks`), which neither a nonce nor an embed does once Discord has forgotten the nonce.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from adapters.discord.markdown import escaped, fitted
from dialogue.plain import said
from dialogue.posts import (
    Block,
    Button,
    Buttons,
    Emphasis,
    Facts,
    Field,
    FieldType,
    Form,
    Heading,
    Paragraph,
    Post,
    Quote,
)

TEXT: Final = 4000
"""Characters in all texts of one message."""
ROW: Final = 5
"""Buttons in a row."""
MOST_ROWS: Final = 5
COMPONENTS_V2: Final = 1 << 15
EPHEMERAL: Final = 1 << 6
NO_PINGS: Final[Mapping[str, object]] = {"parse": [], "replied_user": False}

_ROW_TYPE, _BUTTON, _TEXT_INPUT, _TEXT_DISPLAY, _CONTAINER, _LABEL = 1, 2, 4, 10, 17, 18
_STYLES: Final = {Emphasis.PLAIN: 2, Emphasis.PRIMARY: 1, Emphasis.DANGER: 4}
_MODAL_TITLE: Final = 45
_BUTTON_LABEL: Final = 80
_INPUT: Final = 4000

Component = dict[str, object]


def message_of(post: Post, key: str, *, private: bool = False) -> dict[str, object]:
    """The body of a request that shows ``post``. Pings nobody. What does not fit is cut with an ellipsis."""
    first, second = marks(key)
    texts, rows = _texts(post), _rows(post)
    inside: list[Component] = [{"type": _TEXT_DISPLAY, "id": second, "content": texts or "\u200b"}, *rows]
    flags = COMPONENTS_V2 | (EPHEMERAL if private else 0)
    container: Component = {"type": _CONTAINER, "id": first, "components": inside}
    return {"flags": flags, "components": [container], "allowed_mentions": dict(NO_PINGS)}


def marks(key: str) -> tuple[int, int]:
    """Two numbers that stand for an outbox id in the ids of a message's components; both are over 1000.

    Together they have 61 bits, so that two rows never look like one.
    """
    digest = hashlib.sha256(key.encode()).digest()
    first = 1000 + int.from_bytes(digest[:4]) % (2**31 - 2000)
    second = 1000 + int.from_bytes(digest[4:8]) % (2**31 - 2000)
    return first, second if second != first else first + 1


def modal_of(form: Form) -> dict[str, object]:
    """A form as a modal."""
    fields = [_field(field) for field in form.fields[:5]]
    return {"custom_id": form.custom_id, "title": _cut(form.title, _MODAL_TITLE), "components": fields}


def note_of(sentence: str) -> dict[str, object]:
    """A sentence that only one person sees, at once."""
    return {"content": fitted(sentence, 2000), "flags": EPHEMERAL, "allowed_mentions": dict(NO_PINGS)}


def _texts(post: Post) -> str:
    """All blocks but the buttons, one under the other; the last ones are cut where they don't fit."""
    left, shown = TEXT, list[str]()
    for block in post.blocks:
        part = _text(block, left) if left > 1 else ""
        if part:
            shown.append(part)
            left -= len(part) + 1
    return "\n".join(shown)


def _text(block: Block, left: int) -> str:
    match block:
        case Heading():
            return f"### {fitted(said(block.text), left - 4)}" if left > 8 else ""
        case Paragraph():
            return fitted(said(block.text), left)
        case Quote():
            return _quote(block, left)
        case Facts():
            lines = [f"**{escaped(fact.label)}:** {escaped(said(fact.value))}" for fact in block.facts]
            return _lines(lines, left)
        case Buttons():
            return ""
        case _:
            assert_never(block)


def _quote(quote: Quote, left: int) -> str:
    author = escaped(said(quote.author))
    by = (
        f"— [{author}]({quote.link.replace(')', '%29')})"
        if quote.link and quote.link.startswith("http")
        else f"— {author}"
    )
    lines = said(quote.words).split("\n")
    room = left - len(by) - 1 - 2 * len(lines)
    if room < 2:
        return ""
    words = fitted(said(quote.words), room)
    return "\n".join([*(f"> {line}" for line in words.split("\n")), by])


def _lines(lines: Sequence[str], left: int) -> str:
    """Whole lines only; an ellipsis stands for the rest."""
    kept: list[str] = []
    for line in lines:
        left -= len(line) + 1
        if left < len("…"):
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)


def _rows(post: Post) -> list[Component]:
    buttons = [button for block in post.blocks if isinstance(block, Buttons) for button in block.buttons]
    rows = [buttons[start : start + ROW] for start in range(0, len(buttons), ROW)][:MOST_ROWS]
    return [{"type": _ROW_TYPE, "components": [_button(button) for button in row]} for row in rows]


def _button(button: Button) -> Component:
    return {
        "type": _BUTTON,
        "style": _STYLES[button.emphasis],
        "label": _cut(button.label, _BUTTON_LABEL),
        "custom_id": button.custom_id,
    }


def _field(field: Field) -> Component:
    text_input: Component = {
        "type": _TEXT_INPUT,
        "custom_id": field.name,
        "style": 2 if field.type is FieldType.PARAGRAPH else 1,
        "required": field.required,
        "max_length": min(field.limit, _INPUT),
    }
    if field.value:
        text_input["value"] = field.value[: min(field.limit, _INPUT)]
    return {"type": _LABEL, "label": _cut(field.label, _MODAL_TITLE), "component": text_input}


def _cut(label: str, limit: int) -> str:
    return label if len(label) <= limit else label[: limit - 1].rstrip() + "…"
