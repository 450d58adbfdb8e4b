"""Every button there is, and the forms that some of them open."""

from collections.abc import Mapping
from typing import Final

from dialogue import consenting, noting, taking_back
from dialogue.bridging import answering
from dialogue.bridging import asking as bridging
from dialogue.bridging.verbs import ANSWER
from dialogue.card_buttons import ASK, INTO, KINDS, NOTE
from dialogue.closing import deciding as closing
from dialogue.closing.verbs import EDIT
from dialogue.commands.declarations import ButtonAction
from dialogue.correcting import KIND_BUTTON
from dialogue.deciding import DECISION_BUTTONS, DECLINE_FORM, decline_form
from dialogue.forms import Opening
from dialogue.partnering import inviting
from dialogue.regrouping import asking, pressing
from dialogue.reminding import stopping as reminding
from dialogue.rewarding import uploading
from dialogue.rewarding.verbs import CODES
from dialogue.signs import silencing
from dialogue.tag_form import TAG_FORM, tag_form
from knowledge_base.members import Role

BUTTONS: Final = (
    *DECISION_BUTTONS,
    *pressing.BUTTONS,
    *closing.BUTTONS,
    *consenting.BUTTONS,
    *inviting.BUTTONS,
    reminding.BUTTON,
    asking.BUTTON,
    bridging.BUTTON,
    answering.BUTTON,
    noting.BUTTON,
    taking_back.BUTTON,
    uploading.BUTTON,
    *silencing.BUTTONS,
    ButtonAction(KIND_BUTTON, Role.STAFF),
    ButtonAction(KINDS, Role.STAFF),
)
"""Every button there is."""

OPENINGS: Final[Mapping[str, Opening]] = {
    ANSWER: answering.answer_form,
    CODES: uploading.codes_form,
    ASK: bridging.question_form,
    DECLINE_FORM: decline_form,
    EDIT: closing.edit_form,
    INTO: asking.into_form,
    NOTE: noting.note_form,
    TAG_FORM: tag_form,
}
"""What builds each form, by its name: that of the button's verb, by which what is submitted finds its handler."""
