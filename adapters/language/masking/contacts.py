"""E-mail addresses and phone numbers."""

import re

from adapters.language.masking.finder import Finder, Span

FILE_ENDINGS = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "git", "md", "txt", "json"})
VERSION = re.compile(r"\d+\.\d")


def _email(match: re.Match[str]) -> Span | None:
    """Not ``git@host:path``, ``icon@2x.png`` or ``package@1.2.3-beta.rc``."""
    domain = match["domain"]
    is_file = domain.rsplit(".", 1)[1].lower() in FILE_ENDINGS or VERSION.match(domain)
    return None if match["user"] == "git" or is_file else match.span()


EMAILS = (
    Finder(
        "e-mail",
        re.compile(
            r"(?<![\w.+@-])(?P<user>[\w.+-]{1,64})@(?P<domain>[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24})(?![\w-])"
        ),
        _email,
        re.compile("@"),
    ),
    Finder(
        "e-mail",
        re.compile(
            r"(?<![\w.+-])[\w.+-]{1,64} ?[\[(] ?at ?[\])] ?[\w-]{1,63}(?: ?[\[(] ?dot ?[\])] ?|\.)[a-z]{2,24}\b",
            re.IGNORECASE,
        ),
        hint=re.compile(r"[\[(] ?at", re.IGNORECASE),
    ),
)


SEVEN_DIGITS = re.compile(r"\d(?:[ ()./-]{0,3}\d){6}", re.ASCII)
FREE = r"(?<![\w.+@#/=:-])(?<!\d[ ,])"
END = r"(?![\w@/=-]|[.,:]\d)"
DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d\d(?!\1)|\d{4}([./-])\d\d\2\d\d", re.ASCII)
DIGITS_OF_A_NUMBER = range(7, 16)  # E.164 has at most 15; shorter ones are not worth the false finds


def _phone(match: re.Match[str]) -> Span | None:
    """Neither too short nor too long, and not a date."""
    number = match["number"]
    counts = sum(c.isdigit() for c in number) in DIGITS_OF_A_NUMBER
    return match.span("number") if counts and not DATE.match(number) else None


def _phone_pattern(number: str, before: str = FREE, end: str = END) -> Finder:
    pattern = re.compile(f"{before}(?P<number>{number}){end}", re.ASCII | re.IGNORECASE)
    return Finder("phone", pattern, _phone, SEVEN_DIGITS)


PHONES = (
    # +44 20 7946 0958, +1 (555) 123-4567
    _phone_pattern(r"\+[1-9]\d{0,3}(?:(?: [/-] |[ ./-])?\(?\d{1,4}\)?){2,7}"),
    # 0049 170 1234567
    _phone_pattern(r"00[1-9]\d{0,2}[ /.-]\(?\d{2,5}\)?(?:[ /.-]?\d{2,8}){1,4}"),
    # (555) 123-4567, 1-800-555-0199, 555.123.4567
    _phone_pattern(r"(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:1-)?\d{3}-\d{3}-\d{4}|[2-9]\d\d([. ])[2-9]\d\d\2\d{4}"),
    # 030 1234567, 01 23 45 67 89, 07700 900123, (030) 123456
    _phone_pattern(r"0\d{1,4}[ /.-]\d{5,9}|\(0\d{1,4}\) ?\d{3,4}[ -]?\d{2,5}|0\d{1,4}(?:[ /.-]\d{2,4}){2,4}"),
    # call me at 5551234567
    _phone_pattern(
        r"\(?\d[\d ()./-]{5,17}\d",
        before=r"\b(?:(?:tele)?(?:phone|fon|fono)|mobile|whatsapp|tel|fax|handy|m[óo]vil|(?:call|text|reach) (?:me|us))"
        r"\b[^\d\n+]{0,16}",
    ),
)
