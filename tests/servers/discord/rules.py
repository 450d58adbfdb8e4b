"""What Discord refuses, with its own numbers."""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
V2 = 1 << 15
FORM = 50035


class Refuses(Exception):
    """The answer to what can't be done."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def need(fulfilled: object, message: str, code: int = FORM, status: int = 400) -> None:
    """Refuse unless it is so."""
    if not fulfilled:
        raise Refuses(status, code, message)


def check_message(body: Json, files: tuple[str, ...] = ()) -> None:
    """A message that is sent or changed, with ``files`` by their names."""
    content, components, flags = body.get("content") or "", body.get("components") or [], body.get("flags", 0)
    need(len(content) <= 2000, "content is longer than 2000")
    need(len(str(body.get("nonce", ""))) <= 25, "nonce is longer than 25")
    if flags & V2:
        need(not content and not body.get("embeds"), "content can't stand beside components of version 2")
    need(content or components or body.get("embeds"), "an empty message", 50006)
    _check_components(components, version_2=bool(flags & V2))
    _check_files(body, files)


def check_modal(data: Json) -> None:
    """A modal that is opened."""
    need(1 <= len(data["title"]) <= 45, "title")
    need(1 <= len(data["custom_id"]) <= 100, "custom_id")
    need(1 <= len(data["components"]) <= 5, "components")
    for label in data["components"]:
        need(label["type"] == 18 and 1 <= len(label["label"]) <= 45, "label")
        field = label["component"]
        if field["type"] == 3:
            _check_select(field)
            continue
        need(field["type"] == 4 and field["style"] in (1, 2), "field")
        need(1 <= len(field["custom_id"]) <= 100 and 1 <= field["max_length"] <= 4000, "field")
        need(len(field.get("value", "")) <= field["max_length"], "value")


def _check_select(field: Json) -> None:
    """A select of a modal."""
    need(1 <= len(field["options"]) <= 25, "options")
    need(len({one["value"] for one in field["options"]}) == len(field["options"]), "two options of one value")
    need(0 <= field["min_values"] <= field["max_values"] <= len(field["options"]), "how many are chosen")
    for one in field["options"]:
        need(1 <= len(one["label"]) <= 100 and 1 <= len(one["value"]) <= 100, "option")


def check_choices(data: Json) -> None:
    """Completions."""
    need(len(data["choices"]) <= 25, "more than 25 choices")
    for choice in data["choices"]:
        need(1 <= len(choice["name"]) <= 100 and 1 <= len(choice["value"]) <= 100, "choice")


def check_commands(commands: list[Json]) -> None:
    """All commands of an application."""
    names = [(command.get("type", 1), command["name"]) for command in commands]
    need(len(names) == len(set(names)), "a name twice")
    need(sum(kind == 1 for kind, _ in names) <= 100 and sum(kind == 3 for kind, _ in names) <= 15, "too many")
    for command in commands:
        if command.get("type", 1) == 1:
            _check_option(command)
        else:
            need(1 <= len(command["name"]) <= 32 and not command.get("description"), "menu")


def _check_option(option: Json) -> None:
    need(re.fullmatch(r"[-_\w]{1,32}", option["name"]) and option["name"].islower(), f"name {option['name']!r}")
    need(1 <= len(option["description"]) <= 100, "description")
    need(len(option.get("choices", [])) <= 25, "choices")
    need(not (option.get("choices") and option.get("autocomplete")), "choices and completion")
    inner = option.get("options", [])
    need(len(inner) <= 25, "more than 25 options")
    required = [each.get("required", False) for each in inner]
    need(required == sorted(required, reverse=True), "required options come first")
    need(len({each["name"] for each in inner}) == len(inner), "an option twice")
    for each in inner:
        _check_option(each)


def every(components: list[Json]) -> Iterator[Json]:
    """All components, those within others too."""
    for component in components:
        yield component
        yield from every(component.get("components", []))


def _check_components(components: list[Json], *, version_2: bool) -> None:
    found = list(every(components))
    need(len(found) <= 40, "more than 40 components")
    ids = [each["id"] for each in found if each.get("id")]
    need(len(ids) == len(set(ids)) and all(0 < each < 2**31 for each in ids), "component ids")
    buttons = [each["custom_id"] for each in found if each["type"] in (2, 6, 8)]
    need(len(buttons) == len(set(buttons)), "a custom_id twice")
    need(version_2 or all(each["type"] in (1, 2) for each in found), "components of version 2 without their flag")
    need(sum(len(each["content"]) for each in found if each["type"] == 10) <= 4000, "text longer than 4000")
    for each in found:
        _check_component(each)


def _check_files(body: Json, files: tuple[str, ...]) -> None:
    told = body.get("attachments") or []
    need([each["filename"] for each in told] == list(files), "attachments that are not the files")
    need([each["id"] for each in told] == list(range(len(files))) and len(files) <= 10, "attachments")
    need(all(len(each.get("description", "")) <= 1024 for each in told), "description")
    shown = list(every(body.get("components") or []))
    media = [item["media"]["url"] for each in shown for item in each.get("items", [])]
    media += [each["file"]["url"] for each in shown if each["type"] == 13]
    need(sorted(media) == sorted(f"attachment://{name}" for name in files), "a file that is not shown, or none to show")


def _check_menu(menu: Json) -> None:
    need(1 <= len(menu["custom_id"]) <= 100 and len(menu.get("placeholder", "")) <= 150, "menu")
    need(0 <= menu["min_values"] <= menu["max_values"] and 1 <= menu["max_values"] <= 25, "values")
    kind = {6: "role", 8: "channel"}[menu["type"]]
    chosen = menu.get("default_values", [])
    need(all(each["type"] == kind and each["id"].isdecimal() for each in chosen), "default_values")
    need(not chosen or menu["min_values"] <= len(chosen) <= menu["max_values"], "default_values")
    need(menu["type"] == 8 or "channel_types" not in menu, "channel_types")


def _check_component(each: Json) -> None:
    match each["type"]:
        case 1:
            kinds = {inner["type"] for inner in each["components"]}
            need(kinds in ({2}, {6}, {8}), "a row is of buttons, or of one menu")
            need(1 <= len(each["components"]) <= (5 if kinds == {2} else 1), "so many in a row")
        case 6 | 8:
            _check_menu(each)
        case 12:
            need(1 <= len(each["items"]) <= 10, "items")
            need(all(len(item.get("description", "")) <= 1024 for item in each["items"]), "description")
        case 2:
            need(1 <= len(each["label"]) <= 80 and 1 <= len(each["custom_id"]) <= 100, "button")
            need(each["style"] in (1, 2, 3, 4), "style")
        case 13:
            need(each["file"]["url"].startswith("attachment://"), "file")
        case 10:
            need(each["content"].strip(), "an empty text")
        case 17:
            need(each["components"], "an empty container")
        case _:
            need(False, f"component {each['type']}")
