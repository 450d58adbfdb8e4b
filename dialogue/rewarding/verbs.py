"""What the button that asks for codes, and its form, is called."""

from typing import Final

CODES: Final = "reward_codes"
"""The button, and the form that it opens. What is filled in there is secret."""
TEXT: Final = "codes"
"""The field of the form."""
TEXT_LIMIT: Final = 3000
"""Characters of it: so many can be filled in everywhere."""
