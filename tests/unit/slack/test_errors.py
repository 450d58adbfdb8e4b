"""What Slack answers to a question tells whether asking again may help."""

import pytest

from adapters.slack.errors import SEVERAL, Revoked, tries_before_unknown
from dialogue.errors import Unavailable


@pytest.mark.parametrize(
    ("said", "tries"),
    [
        ("414", 1),
        ("404", 1),
        ("team_access_not_granted", 1),
        ("accesslimited", 1),
        ("internal_error", SEVERAL),
        ("500", SEVERAL),
        ("408", SEVERAL),
        ("407", SEVERAL),
        ("no connection", None),
        ("no answer in time", None),
        ("invalid_auth", None),
        ("service_unavailable", None),
    ],
)
def test_what_is_asked_about_is_at_fault_at_once_after_some_tries_or_never(said: str, tries: int | None) -> None:
    assert tries_before_unknown(Unavailable(f"users.info: {said}")) == tries


def test_where_the_app_was_removed_nobody_is_at_fault() -> None:
    assert tries_before_unknown(Revoked("users.info: internal_error")) is None
