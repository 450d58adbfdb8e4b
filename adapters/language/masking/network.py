"""Addresses of machines: IPv4, IPv6 and MAC. Those that are the same everywhere (loopback, masks) stay."""

import ipaddress
import re

from adapters.language.masking.finder import Finder, Span

NUMBERING = re.compile(
    r"\b(?:v|ver|version|build|release|firmware|driver|update|section|chapter|step|rule)s?\W{0,3}$", re.IGNORECASE
)
MASK = re.compile(r"255\.")
NETWORK = re.compile(r"(?:\bips?|address|host|server|ping|ssh|://)\W{0,3}(?:(?:is|to|at)\W)?$", re.IGNORECASE)
FEWEST_GROUPS = 2
LARGEST_MAJOR, LARGEST_MINOR = 9, 31
"""Four numbers up to these, like Firefox 2.0.0.20 or kernel 2.6.15.23, are far more often a version than an address."""


def _ipv4(match: re.Match[str]) -> Span | None:
    """Four numbers that are an address and are not called a version."""
    try:
        address = ipaddress.IPv4Address(match["host"])
    except ValueError:
        return None
    is_common = address.is_loopback or address.is_unspecified or address == ipaddress.IPv4Address("255.255.255.255")
    if is_common or MASK.match(match["host"]):
        return None
    before = match.string[max(0, match.start() - 16) : match.start()]
    first, *others = address.packed
    like_version = first <= LARGEST_MAJOR and max(others) <= LARGEST_MINOR and not NETWORK.search(before)
    return None if like_version or NUMBERING.search(before) else match.span()


def _ipv6(match: re.Match[str]) -> Span | None:
    """A valid address with a digit and two groups at least: ``Add::Face`` and ``404::`` are none."""
    try:
        address = ipaddress.IPv6Address(match["host"])
    except ValueError:
        return None
    groups = [group for group in match["host"].split(":") if group]
    is_code = len(groups) < FEWEST_GROUPS or not any(c.isdigit() for c in match["host"])
    return None if is_code or address.is_loopback else match.span()


ADDRESSES = (
    Finder(
        "address",
        re.compile(r"(?<![\w.-])(?P<host>\d{1,3}(?:\.\d{1,3}){3})(?:/\d{1,2})?(?![\w-]|\.\d)", re.ASCII),
        _ipv4,
        re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d", re.ASCII),
    ),
    Finder(
        "address",
        re.compile(
            r"(?<![\w:.-])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:-])|(?<![\w:.-])(?:[0-9a-f]{2}-){5}[0-9a-f]{2}(?![\w:-])",
            re.IGNORECASE,
        ),
        hint=re.compile(r"[0-9a-f]{2}([:-])[0-9a-f]{2}\1[0-9a-f]{2}\1", re.IGNORECASE),
    ),
    Finder(
        "address",
        re.compile(
            r"(?<![\w:.])(?P<host>(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]{3,39}(?:\.\d{1,3}){0,3})(?:%\w{1,15})?(?:/\d{1,3})?(?![\w:])",
            re.ASCII | re.IGNORECASE,
        ),
        _ipv6,
        re.compile(r":[0-9a-f]*:", re.IGNORECASE),
    ),
)
