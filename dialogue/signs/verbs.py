"""Verbs of the buttons under a sign."""

from typing import Final

FOR_A_WEEK: Final = "sign_week"
FOR_GOOD: Final = "sign_good"
HEAR: Final = "sign_hear"
