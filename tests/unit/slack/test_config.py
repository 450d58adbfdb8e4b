"""What can't be connected safely is refused before anything is tried."""

import pytest

from adapters.slack.config import SlackConfig, Transport


@pytest.mark.parametrize(("transport", "needed"), [(Transport.SOCKET, "app_token"), (Transport.HTTP, "signing_secret")])
def test_each_transport_needs_its_secret(transport: Transport, needed: str) -> None:
    with pytest.raises(ValueError, match=needed):
        SlackConfig(bot_token="xoxb-secret", transport=transport)


def test_secrets_are_in_no_repr() -> None:
    config = SlackConfig(bot_token="xoxb-secret", app_token="xapp-secret", signing_secret="signing-secret")
    assert "secret" not in repr(config).replace("signing_secret", "")
