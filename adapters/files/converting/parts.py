"""Pieces of somebody else's JSON, taken only where they are what they should be."""

import json
from collections.abc import Mapping, Sequence

from adapters.files.errors import BrokenExport

Part = Mapping[str, object]
NOTHING: Part = {}


def parsed(data: bytes, file: str, part: str, hint: str = "") -> object:
    """The JSON value in these bytes. Raises :class:`BrokenExport` with the file's name, its part and the hint."""
    try:
        value: object = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as cause:
        raise BrokenExport(file, part, f"not UTF-8 at byte {cause.start + 1}{hint}") from cause
    except json.JSONDecodeError as cause:
        raise BrokenExport(file, part, f"not JSON at line {cause.lineno} ({cause.msg}){hint}") from cause
    except (ValueError, RecursionError) as cause:
        raise BrokenExport(file, part, f"holds a number or nesting that can't be read{hint}") from cause
    return value


def mapping(value: object) -> Part:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else NOTHING


def mappings(value: object) -> Sequence[Part]:
    """The objects of a list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def strings(value: object) -> list[str]:
    """The texts of a list that aren't empty."""
    return [entry for entry in value if isinstance(entry, str) and entry] if isinstance(value, list) else []


def string(part: Part, *names: str) -> str:
    """The first of these fields that is a text and not empty; else an empty text."""
    return next((value for name in names if isinstance(value := part.get(name), str) and value), "")
