"""The language of a message is that of what its author says: not of what is quoted, pasted or linked in it."""

from datetime import UTC, datetime

import pytest

from adapters.language.identification import FastTextIdentifier
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.prepare import prepare
from dialogue.understanding.values import Heard
from knowledge_base.ids import MessageId
from knowledge_base.members import Role

ENGLISH = "The export of my invoices loses all tags, and nobody knows why that happens to us"
GERMAN = "Bei mir fehlen nach dem Export auch alle Schlagwörter"
SPANISH = "A mí también me faltan todas las etiquetas después de exportar"
CODE = "for invoice in invoices:\n    print(invoice.the_tags_of_the_customer)  # prints the tags of the customer"
LINK = "https://example.org/the-export-of-my-invoices-loses-all-the-tags-and-nobody-knows-why-that-happens"


def language_of(text: str) -> str:
    heard = Heard(MessageId("m"), "anna", "Anna", Role.CUSTOMER, datetime(2026, 3, 2, tzinfo=UTC), text)
    return prepare(heard, FastTextIdentifier(), LearnedKinds()).language


@pytest.mark.parametrize(
    "around",
    [
        "> {english}\n{own}",
        "> {english}\n> {english}\n{own}\n> {english}",
        "{own}\n```\n{code}\n```",
        "{own} `{code}`",
        "{own} {link} {link}",
        "> {english}\n{own} {link}\n```\n{code}\n```",
    ],
)
@pytest.mark.parametrize(("own", "language"), [(GERMAN, "de"), (SPANISH, "es"), (ENGLISH, "en")])
def test_what_is_quoted_pasted_or_linked_does_not_count(around: str, own: str, language: str) -> None:
    foreign = ENGLISH if language != "en" else f"{GERMAN}, {SPANISH}"
    line = CODE.replace("\n", " ")
    code = CODE if "```" in around else line
    assert language_of(around.format(own=own, english=foreign, code=code, link=LINK)) == language


@pytest.mark.parametrize("text", [f"> {ENGLISH}", f"```\n{CODE}\n```", LINK, f"> {ENGLISH}\n{LINK}", "🎉🎉🎉", "12345"])
def test_a_message_without_words_of_its_own_has_no_language(text: str) -> None:
    assert language_of(text) == "und"
