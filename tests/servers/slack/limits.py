"""What Slack refuses in blocks and views (docs.slack.dev/reference/block-kit), as ``invalid_blocks``."""

from typing import Any, NoReturn

from tests.servers.slack.state import Payload, Refusal

TEXT = 40_000
BLOCKS, VIEW_BLOCKS = 50, 100
SECTION, HEADER, BUTTON, VALUE, ACTION_ID, BLOCK_ID = 3_000, 150, 75, 2_000, 255, 255
ELEMENTS, CONTEXT, FIELDS, FIELD = 25, 10, 10, 2_000
OPTIONS, OPTION, OPTION_VALUE = 100, 75, 150
TITLE, METADATA = 24, 3_000
WHOLE = 13_200
"""All the text of a message's blocks together."""


def check_message(arguments: Payload) -> None:
    """Refuse a message that Slack would."""
    blocks = arguments.get("blocks") or []
    if not arguments.get("text") and not blocks:
        raise Refusal("no_text")
    if len(arguments.get("text") or "") > TEXT:
        raise Refusal("msg_too_long")
    check_blocks(blocks, BLOCKS)
    if length(blocks) > WHOLE:
        raise Refusal("msg_blocks_too_long")


def check_blocks(blocks: Any, most: int) -> None:
    """Refuse blocks that break a limit."""
    if not isinstance(blocks, list) or len(blocks) > most:
        _refuse(f"no more than {most} blocks")
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(names) != len(set(names)):
        _refuse("block_id is not unique")
    for block in blocks:
        _BLOCKS.get(block.get("type"), _unknown)(block)


def check_view(view: Payload) -> None:
    """Refuse a modal that breaks a limit."""
    if view.get("type") not in ("modal", "home"):
        _refuse("view type")
    if view["type"] == "modal":
        _plain(view.get("title"), TITLE)
        for name in ("submit", "close"):
            if name in view:
                _plain(view[name], TITLE)
        if any(block.get("type") == "input" for block in view["blocks"]) and "submit" not in view:
            _refuse("a view with inputs needs a submit")
    if len(view.get("private_metadata", "")) > METADATA or len(view.get("callback_id", "")) > 255:
        _refuse("private_metadata or callback_id")
    check_blocks(view.get("blocks"), VIEW_BLOCKS)


def length(node: Any) -> int:
    """How many characters of text there are."""
    if isinstance(node, list):
        return sum(length(one) for one in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(length(value) for value in node.values())


def _header(block: Payload) -> None:
    _plain(block.get("text"), HEADER)


def _section(block: Payload) -> None:
    if "text" not in block and "fields" not in block:
        _refuse("a section needs text or fields")
    if "text" in block:
        _text(block["text"], SECTION)
    if "accessory" in block:
        _element(block["accessory"])
    fields = block.get("fields", [])
    if len(fields) > FIELDS:
        _refuse("fields")
    for one in fields:
        _text(one, FIELD)


def _context(block: Payload) -> None:
    if not 0 < len(block.get("elements", [])) <= CONTEXT:
        _refuse("context elements")
    for one in block["elements"]:
        _text(one, SECTION)


def _actions(block: Payload) -> None:
    elements = block.get("elements", [])
    if not 0 < len(elements) <= ELEMENTS:
        _refuse("action elements")
    names = [element.get("action_id") for element in elements]
    if len(names) != len(set(names)):
        _refuse("action_id is not unique")
    for element in elements:
        _element(element)


def _input(block: Payload) -> None:
    _plain(block.get("label"), 2_000)
    if len(block.get("block_id", "")) > BLOCK_ID:
        _refuse("block_id")
    _element(block.get("element") or {})


def _element(element: Payload) -> None:
    if len(element.get("action_id", "")) > ACTION_ID:
        _refuse("action_id")
    _ELEMENTS.get(element.get("type"), _unknown)(element)
    if "placeholder" in element:
        _plain(element["placeholder"], 150)


def _button(element: Payload) -> None:
    _plain(element.get("text"), BUTTON)
    if len(element.get("value", "")) > VALUE or element.get("style", "primary") not in ("primary", "danger"):
        _refuse("button")


def _static_select(element: Payload) -> None:
    for group in element.get("option_groups", []):
        _plain(group["label"], OPTION)
        check_options(group["options"])
    check_options(element.get("options", []))


def _several_static(element: Payload) -> None:
    check_options(element["options"])
    check_options(element.get("initial_options", []))
    _several(element, element.get("initial_options", ["one"]))


def _conversations(element: Payload) -> None:
    if not {*element.get("filter", {}).get("include", ["im"])} <= {"im", "mpim", "private", "public"}:
        _refuse("filter")
    multiple = element["type"].startswith("multi")
    if "initial_conversation" in element if multiple else {"initial_conversations", "max_selected_items"} & {*element}:
        _refuse("what is chosen at first")
    if multiple:
        _several(element, element.get("initial_conversations", ["one"]))


def _external(element: Payload) -> None:
    chosen = element.get("initial_options", [{"text": {"type": "plain_text", "text": "one"}, "value": "one"}])
    check_options(chosen)
    _several(element, chosen)


def _several(element: Payload, chosen: list[Any]) -> None:
    if not 1 <= len(chosen) <= element.get("max_selected_items", 100):
        _refuse("what is chosen at first")


def _image(block: Payload) -> None:
    if not 0 < len(block.get("alt_text", "")) <= 2_000:
        _refuse("alt_text")
    if not block.get("slack_file", {}).get("id"):
        _refuse("slack_file")


def _plain_text_input(element: Payload) -> None:
    if not 1 <= element.get("max_length", 3_000) <= 3_000:
        _refuse("max_length")
    if len(element.get("initial_value", "")) > element.get("max_length", 3_000):
        _refuse("initial_value")


def check_options(options: list[Payload]) -> None:
    """Refuse a select's options that break a limit."""
    if len(options) > OPTIONS:
        _refuse("options")
    for one in options:
        _plain(one.get("text"), OPTION)
        if not 0 < len(one.get("value", "")) <= OPTION_VALUE:
            _refuse("option value")


def _rich(block: Payload) -> None:
    kinds = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
    for part in block.get("elements", []):
        if part.get("type") not in kinds:
            _refuse(f"rich text {part.get('type')}")
        for one in part.get("elements", []):
            if one.get("type") == "text" and one.get("text"):
                continue
            if one.get("type") == "link" and str(one.get("url", "")).startswith(("http://", "https://")):
                continue
            _refuse(f"rich text element {one.get('type')}")


def _free(block: Payload) -> None:
    return None


def _unknown(block: Payload) -> None:
    _refuse(f"block {block.get('type')}")


def _text(text: Any, most: int) -> None:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        _refuse("text")
    if not 0 < len(text.get("text", "")) <= most:
        _refuse(f"text must have 1 to {most} characters")


def _plain(text: Any, most: int) -> None:
    _text(text, most)
    if text["type"] != "plain_text":
        _refuse("must be plain_text")


def _refuse(why: str) -> NoReturn:
    raise Refusal("invalid_blocks", response_metadata={"messages": [why]})


_BLOCKS = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich,
    "divider": _free,
    "image": _image,
}
_ELEMENTS = {
    "button": _button,
    "static_select": _static_select,
    "multi_static_select": _several_static,
    "plain_text_input": _plain_text_input,
    "external_select": _free,
    "conversations_select": _conversations,
    "multi_conversations_select": _conversations,
    "multi_external_select": _external,
}
