"""Keys, tokens and passwords.

Three sources: tokens that carry their maker's mark (our list, and the named detectors of detect-secrets, whose entropy
detectors would mask every commit hash); whole key blocks; and values that are said to be a password or a key.
"""

import re
from importlib import import_module

from adapters.language.masking.finder import Finder, Span

MARKED = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]{10,}|xapp-\d-[\w-]{10,}"  # Slack
    r"|\b(?:mfa\.[\w-]{20,}|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40})"  # Discord
    r"|https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]{20,}"
    r"|https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{20,}"
    r"|\beyJ[\w-]{8,}={0,2}\.[\w-]{4,}={0,2}\.?[\w-]*"  # JSON web tokens
    r"|\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"  # AWS
    r"|\b(?:gh[opusr]_|github_pat_)\w{30,}|\bgl(?:pat|oas|ptt|rt|dt|ft|soat)-[\w-]{18,}"
    r"|\b(?:sk|rk)_(?:live|test)_\w{10,}|\bwhsec_[\w+/=]{16,}"  # Stripe
    r"|\bsk-(?:[a-z]+\d*-)?(?=[\w-]{0,80}\d)[\w-]{20,}"  # OpenAI, Anthropic
    r"|\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}"  # Google
    r"|\bnpm_\w{30,}|(?<=:_authToken=)[\w-]{20,}|\bhf_[a-zA-Z0-9]{30,}|\bdo[opr]_v1_[a-f0-9]{40,}|\bshp(?:at|ss|ca|pa)_[a-f0-9]{30,}"
    r"|\b(?:lin_api|xkeysib|ntn|secret|phc|phx|dckr_pat|figd)[_-](?=\w*\d)\w{30,}"
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}|\b\d{8,10}:AA[\w-]{30,}"  # SendGrid, Telegram
    r"|\bAGE-SECRET-KEY-1[A-Z0-9]{40,}",
    re.ASCII,
)
LONG_RUN = re.compile(r"[\w+/=-]{14,}", re.ASCII)

KEY_BLOCK = re.compile(
    r"-----BEGIN (?P<kind>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----"
    r"(?:(?:(?!-----BEGIN )[\s\S])*?-----END (?P=kind)-----|(?:\s*[\w+/=]{30,})*)"
)

CREDENTIALS = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://(?P<secret>[^\s/@:\[\]<>\"']{0,100}:[^\s/<>\"']{1,200})@", re.IGNORECASE
)
HEADER = re.compile(
    r"\b(?:bearer|basic|token|apikey)[ :]+(?P<secret>(?=[\w.~+/=-]{0,80}\d)[\w.~+/-]{16,}={0,2})", re.IGNORECASE
)

COMMAND = re.compile(r"\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[ =]?(?P<secret>[^\s:]{1,64}:[^\s]{1,200})")
PIN = re.compile(r"\bpin(?: code)?(?::| is)\s?(?P<secret>\d{4,8})\b", re.IGNORECASE | re.ASCII)

CALLED = (
    r"(?:pass(?:word|wd|phrase|code|wort)?|passwort|kennwort|contraseña|senha|pwd|pw|mot de passe|wachtwoord"
    r"|(?:[a-z]{2,12}[ _-]?)?(?:secret|token|api[ _-]?key|access[ _-]?key|auth[ _-]?key|private[ _-]?key"
    r"|secret[ _-]?key|account[ _-]?key|encryption[ _-]?key|license[ _-]?key)|credentials?)"
)
ASSIGNMENT = re.compile(
    rf"(?<![a-z0-9])(?P<name>{CALLED})[\"'`]?"
    r"(?P<sign>\s{0,2}(?::=|=>|={1,3}|:)\s{0,2}|(?:\s(?:is|was|ist|es|est)|['’]s):?\s)"
    r"(?:(?P<quote>[\"'`])(?P<quoted>[^\"'`\n]{4,200})(?P=quote)|[\"'`]?(?P<bare>[^\s\"'`<>|]{4,200}))",
    re.IGNORECASE,
)
NEXT_PARAMETER = re.compile(r"&\w{1,40}=")
SECRET_HINT = re.compile(
    r"pass|pwd|\bpw\b|kennwort|contrase|senha|mot de|wachtwoord|secret|token|key|credential", re.IGNORECASE
)
SPOKEN_OF = re.compile(
    r"[*x•.…_-]+|(?:your|my|the|new|some|dummy|example|change)[\w-]*|[\[{$%(].*|.*[(\[{].*|https?:.*"
    r"|(?:true|false|null|none|nil|undefined|required|optional|invalid|expired|missing|string|str|int|bool|empty|wrong)",
    re.IGNORECASE,
)
SHORTEST, SHORTEST_SETTING, SHORTEST_TOKEN = 4, 6, 8
ATTRIBUTE = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)+", re.IGNORECASE)
DETECTORS = {
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "mailchimp": "MailchimpDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
"""Modules of ``detect_secrets.plugins`` with their detectors: those whose pattern names one maker's tokens.

Without ``npm`` and ``openai``: their patterns take minutes on hostile text, and ours find the same."""


def secrets() -> tuple[Finder, ...]:
    """All finders of secrets; loads detect-secrets."""
    return (
        Finder("secret", KEY_BLOCK, hint=re.compile("PRIVATE KEY")),
        Finder("secret", CREDENTIALS, _named_part, re.compile("://")),
        Finder("secret", MARKED, hint=LONG_RUN),
        Finder("secret", _published(), hint=LONG_RUN),
        Finder("secret", COMMAND, _named_part, re.compile("curl")),
        Finder("secret", PIN, _named_part),
        Finder("secret", HEADER, _named_part, LONG_RUN),
        Finder("secret", ASSIGNMENT, _assigned, SECRET_HINT),
    )


def _published() -> re.Pattern[str]:
    """The detectors' patterns as one, each with its own regard to case."""
    denylists = (getattr(import_module(f"detect_secrets.plugins.{m}"), d).denylist for m, d in DETECTORS.items())
    return re.compile(
        "|".join(f"(?{'i' if p.flags & re.IGNORECASE else ''}:{p.pattern})" for listed in denylists for p in listed)
    )


def _named_part(match: re.Match[str]) -> Span | None:
    return match.span("secret")


def _assigned(match: re.Match[str]) -> Span | None:
    """The value, where it is one: not a word about the password, a placeholder, or code that fetches it."""
    is_quoted = match["quoted"] is not None
    value = match["quoted"] if is_quoted else NEXT_PARAMETER.split(match["bare"])[0].rstrip(".,;:!?)&")
    start = match.start("quoted" if is_quoted else "bare")
    if len(value) < SHORTEST or SPOKEN_OF.fullmatch(value) or ATTRIBUTE.fullmatch(value):
        return None
    is_setting = match["sign"] == "=" and len(value) >= SHORTEST_SETTING
    is_password = match["name"].lower().startswith(("pass", "pw", "kenn", "contra", "senha", "mot", "wacht"))
    if is_quoted or is_setting or _looks_made_up(value, is_password=is_password):
        return start, start + len(value)
    return None


def _looks_made_up(value: str, *, is_password: bool) -> bool:
    """Whether nobody would write this as a word: a digit in it, or a mark; for a token, long as well."""
    has_digit, has_letter = any(c.isdigit() for c in value), any(c.isalpha() for c in value)
    if is_password:
        return has_digit or not value.replace("-", "").replace("'", "").isalpha()
    return len(value) >= SHORTEST_TOKEN and has_digit and has_letter
