"""A post as a message of Discord, in its Components V2, as plain data; its blocks keep their order.

Components were chosen over embeds because they keep the order of blocks, put buttons where they belong, fetch no
preview for links, and carry numbers of their own: those mark which outbox row a message is of, without anybody seeing
it (see :func:`marks`), which neither a nonce nor an embed does once Discord has forgotten the nonce.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never

from adapters.discord.client import File
from adapters.discord.markdown import escaped, fitted
from dialogue.plain import said
from dialogue.posts import (
    Block,
    Button,
    Buttons,
    Choices,
    Document,
    Emphasis,
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
    Secret,
    chosen,
)

TEXT: Final = 4000
"""Characters in all texts of one message."""
ROW: Final = 5
"""Buttons in a row."""
MOST_ROWS: Final = 5
"""Rows of one block of buttons."""
MOST_COMPONENTS: Final = 40
"""Components of one message, those within others too."""
MOST_ATTACHED: Final = 10
MOST_CHOSEN: Final = 25
"""Things chosen from one menu."""
COMPONENTS_V2: Final = 1 << 15
EPHEMERAL: Final = 1 << 6
NO_PINGS: Final[Mapping[str, object]] = {"parse": [], "replied_user": False}

_ROW_TYPE, _BUTTON, _SELECT, _TEXT_INPUT, _TEXT_DISPLAY, _GALLERY, _FILE, _CONTAINER, _LABEL = (
    1,
    2,
    3,
    4,
    10,
    12,
    13,
    17,
    18,
)
_MENUS: Final = {Choices.CHANNELS: 8, Choices.GROUPS: 6}
_CHOSEN: Final = {Choices.CHANNELS: "channel", Choices.GROUPS: "role"}
_CHANNEL_TYPES: Final = [0, 5]
"""Those that can be chosen: of text, for announcements."""
_FORUM_TYPES: Final = [15]
"""And where several can be: forums, in which the bot answers, but can't begin; so none is the channel for its cards."""
_STYLES: Final = {Emphasis.PLAIN: 2, Emphasis.PRIMARY: 1, Emphasis.DANGER: 4}
_MODAL_TITLE: Final = 45
_BUTTON_LABEL: Final = 80
_PLACEHOLDER: Final = 150
_DESCRIPTION: Final = 1024
_INPUT: Final = 4000
_OPTION_LABEL: Final = 100

Component = dict[str, object]


def message_of(post: Post, key: str, *, private: bool = False) -> dict[str, object]:
    """The body of a request that shows ``post``. Pings nobody. What does not fit is cut with an ellipsis."""
    first, second = marks(key)
    layout = _laid_out(post)
    inside = layout.shown
    inside[0]["id"] = second
    flags = COMPONENTS_V2 | (EPHEMERAL if private else 0)
    container: Component = {"type": _CONTAINER, "id": first, "components": inside}
    body: dict[str, object] = {"flags": flags, "components": [container], "allowed_mentions": dict(NO_PINGS)}
    if layout.attached:
        body["attachments"] = [
            {"id": number, "filename": file.name, "description": _cut(file.told, _DESCRIPTION)}
            for number, file in enumerate(layout.attached)
        ]
    return body


def files_of(post: Post) -> Sequence[File]:
    """The pictures and documents that are sent along with the message, in their order."""
    if not any(isinstance(block, Picture | Document) for block in post.blocks):
        return ()
    return [File(file.name, file.type, file.content) for file in _laid_out(post).attached]


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


@dataclass(frozen=True, slots=True)
class _Attached:
    """What goes along with a message; ``told``: what it shows, for who can't see it."""

    name: str
    type: str
    content: bytes
    told: str


@dataclass(slots=True)
class _Layout:
    """Components from top to bottom: texts in between are one text each; what does not fit is left out."""

    shown: list[Component] = field(default_factory=list)
    attached: list[_Attached] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    letters: int = TEXT
    room: int = MOST_COMPONENTS - 2  # without the container, and a last text

    def write(self, block: Block) -> None:
        part = _text(block, self.letters) if self.letters > 1 else ""
        if part:
            self.lines.append(part)
            self.letters -= len(part) + 1

    def put(self, component: Component, size: int) -> bool:
        """Something that is no text, of so many components; whether it fits."""
        needed = size + (1 if self.lines else 0)
        if needed > self.room:
            return False
        self.room -= needed
        self.end_text()
        self.shown.append(component)
        return True

    def attach(self, block: Picture | Document) -> None:
        number = len(self.attached) + 1
        if isinstance(block, Picture):
            file = _Attached(f"picture-{number}.png", "image/png", block.png, block.alt)
            shown = _gallery(file)
        else:
            file = _Attached(block.name, block.type, block.content, block.name)
            shown = {"type": _FILE, "file": {"url": f"attachment://{file.name}"}}
        if number <= MOST_ATTACHED and self.put(shown, 1):
            self.attached.append(file)

    def end_text(self) -> None:
        written, self.lines = "\n".join(self.lines), []
        if written.strip():  # a text of nothing but blanks is refused
            self.shown.append({"type": _TEXT_DISPLAY, "content": written})


def _laid_out(post: Post) -> _Layout:
    """With at least one component."""
    layout = _Layout()
    for block in post.blocks:
        match block:
            case Buttons():
                for row in _rows(block):
                    layout.put({"type": _ROW_TYPE, "components": row}, 1 + len(row))
            case Menu():
                layout.put({"type": _ROW_TYPE, "components": [_menu(block)]}, 2)
            case Picture() | Document():
                layout.attach(block)
            case _:
                layout.write(block)
    layout.end_text()
    layout.shown = layout.shown or [{"type": _TEXT_DISPLAY, "content": "\u200b"}]
    return layout


def _text(block: Block, left: int) -> str:
    match block:
        case Heading():
            return f"### {fitted(said(block.text), left - 4)}" if left > 8 else ""
        case Paragraph() | Secret():
            return fitted(said(block.text), left)
        case Quote():
            return _quote(block, left)
        case Facts():
            lines = [f"**{escaped(fact.label)}:** {escaped(said(fact.value))}" for fact in block.facts]
            return _lines(lines, left)
        case Buttons() | Menu() | Picture() | Document():
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


def _rows(block: Buttons) -> Sequence[list[Component]]:
    buttons = list(map(_button, block.buttons))
    return [buttons[start : start + ROW] for start in range(0, len(buttons), ROW)][:MOST_ROWS]


def _menu(menu: Menu) -> Component:
    most = min(menu.most, MOST_CHOSEN)
    shown: Component = {
        "type": _MENUS[menu.choices],
        "custom_id": menu.custom_id,
        "placeholder": _cut(menu.label, _PLACEHOLDER),
        "min_values": 0 if most > 1 else 1,
        "max_values": most,
    }
    if menu.choices is Choices.CHANNELS:
        shown["channel_types"] = _CHANNEL_TYPES + _FORUM_TYPES if menu.most > 1 else _CHANNEL_TYPES
    if menu.selected:
        shown["default_values"] = [{"id": each, "type": _CHOSEN[menu.choices]} for each in menu.selected[:most]]
    return shown


def _gallery(picture: _Attached) -> Component:
    media = {"url": f"attachment://{picture.name}"}
    return {"type": _GALLERY, "items": [{"media": media, "description": _cut(picture.told, _DESCRIPTION)}]}


def _button(button: Button) -> Component:
    return {
        "type": _BUTTON,
        "style": _STYLES[button.emphasis],
        "label": _cut(button.label, _BUTTON_LABEL),
        "custom_id": button.custom_id,
    }


def _field(field: Field) -> Component:
    component = _choice(field) if field.type is FieldType.CHOICE else _text_input(field)
    return {"type": _LABEL, "label": _cut(field.label, _MODAL_TITLE), "component": component}


def _choice(field: Field) -> Component:
    """A select of a modal (https://discord.com/developers/docs/components/reference#string-select)."""
    picked = chosen(field.value)
    options = [
        {"value": one.value, "label": _cut(one.label, _OPTION_LABEL), "default": one.value in picked}
        for one in field.alternatives
    ]
    return {
        "type": _SELECT,
        "custom_id": field.name,
        "required": field.required,
        "min_values": 1 if field.required else 0,
        "max_values": min(field.most, len(options)),
        "options": options,
    }


def _text_input(field: Field) -> Component:
    text_input: Component = {
        "type": _TEXT_INPUT,
        "custom_id": field.name,
        "style": 2 if field.type is FieldType.PARAGRAPH else 1,
        "required": field.required,
        "max_length": min(field.limit, _INPUT),
    }
    if field.value:
        text_input["value"] = field.value[: min(field.limit, _INPUT)]
    return text_input


def _cut(label: str, limit: int) -> str:
    return label if len(label) <= limit else label[: limit - 1].rstrip() + "…"
