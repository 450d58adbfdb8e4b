"""Numbers of payment cards and bank accounts."""

import re

from adapters.language.masking.finder import Finder, Span

ISSUER = re.compile(
    r"4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Visa, Mastercard
    r"|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"  # American Express, Diners
    r"|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}",  # Discover, UnionPay, JCB
    re.ASCII,
)
SHORTEST_IBAN = 15


def _card(match: re.Match[str]) -> Span | None:
    """A known issuer's number with its check digit (Luhn, ISO/IEC 7812-1)."""
    digits = re.sub(r"\D", "", match[0])
    if not ISSUER.fullmatch(digits):
        return None
    doubled = [2 * int(d) if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return match.span() if sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 else None


def _iban(match: re.Match[str]) -> Span | None:
    """The longest beginning, in whole groups, whose check digits are right (ISO 13616, mod 97)."""
    candidate = match[0]
    while candidate:
        compact = re.sub(r"[ -]", "", candidate)
        if len(compact) < SHORTEST_IBAN:
            return None
        if int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1:
            return match.start(), match.start() + len(candidate)
        candidate = re.sub(r"[ -]?[A-Za-z0-9]+$", "", candidate)
    return None


CARD = Finder(
    "card",
    re.compile(r"(?<![\w.-])\d(?:[ -]?\d){13,15}(?![\w-]|\.\d)", re.ASCII),
    _card,
    re.compile(r"\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d", re.ASCII),
)
IBAN = Finder(
    "IBAN",
    re.compile(r"\b[a-z]{2}\d\d(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,4})?\b", re.ASCII | re.IGNORECASE),
    _iban,
    re.compile(r"\b[a-z]{2}\d\d[ -]?[a-z0-9]{4}", re.ASCII | re.IGNORECASE),
)
