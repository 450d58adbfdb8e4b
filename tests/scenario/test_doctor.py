"""``parley doctor`` on what it finds at the platforms, each with what to do."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from adapters.storage.database import Database
from bot.doctor import Finding, examine
from bot.moments import SystemClock
from bot.settings import load
from bot.wiring import NotConnected, make_bot
from tests.conftest import ReversingSealer
from tests.servers.discord.server import DiscordServer
from tests.servers.slack.server import SlackServer


class Clinic:
    """Both platforms, and a configuration that connects with them."""

    def __init__(self, discord: DiscordServer, slack: SlackServer, file: Path) -> None:
        self.discord = discord
        self.slack = slack
        self.file = file
        self.tokens = {"discord": discord.world.token, "slack": slack.bot_token}

    async def findings(self) -> Mapping[str, Finding]:
        self.file.write_text(
            f'[database]\nurl = "sqlite:///{self.file.with_name("new.db")}"\n'
            f'[discord]\ntoken = "{self.tokens["discord"]}"\napi_base = "{self.discord.api_base}"\n'
            f'[slack]\nbot_token = "{self.tokens["slack"]}"\napi_base = "{self.slack.api_base}"\n'
            f'app_token = "{self.slack.app_token}"\n'
        )
        found = await examine(self.file)
        assert not [token for token in self.tokens.values() if token in str(found)]
        return {finding.name: finding for finding in found}


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with DiscordServer().running() as discord, SlackServer().serving() as slack:
        slack.scopes |= {"app_mentions:read", "commands", "reactions:read"}
        yield Clinic(discord, slack, tmp_path / "config.toml")


async def test_what_is_well_is_told(clinic: Clinic) -> None:
    clinic.discord.world.guild("Acme")
    found = await clinic.findings()
    assert found["discord"] == Finding("discord", well=True, said="Parley on 1 server")
    assert found["slack"] == Finding("slack", well=True, said="Parley in the workspace T1")


@pytest.mark.parametrize(("seconds", "said"), [(120, "120 s slow by"), (-120, "120 s fast by")])
async def test_a_clock_that_goes_wrong_is_told(clinic: Clinic, seconds: int, said: str) -> None:
    assert (await clinic.findings())["clock"] == Finding("clock", well=True, said="as at slack and discord")
    clinic.discord.world.skip(seconds)
    clock = (await clinic.findings())["clock"]
    assert not clock.well
    # a second may begin between both clocks
    assert clock.said in {f"{abs(seconds) + off} {said[4:]} discord's" for off in (-1, 0, 1)}
    assert "NTP" in clock.remedy


async def test_a_refused_token_is_told(clinic: Clinic) -> None:
    clinic.tokens = {"discord": "wrong", "slack": "xoxb-wrong"}
    found = await clinic.findings()
    assert "does not accept the token" in found["discord"].said
    assert "invalid_auth" in found["slack"].said
    assert not found["discord"].well
    assert not found["slack"].well
    assert "[slack]" in found["slack"].remedy


async def test_what_the_bot_lacks_is_told(clinic: Clinic) -> None:
    clinic.discord.world.flags = 0
    clinic.slack.scopes -= {"reactions:write", "im:write"}
    found = await clinic.findings()
    assert "invite it to a server" in found["discord"].remedy
    assert "Message Content intent" in found["discord"].remedy
    assert found["slack"].remedy.startswith("add the scopes im:write, reactions:write")
    assert not found["slack"].well


async def test_a_platform_that_cannot_be_connected_stops_the_start_with_a_sentence(clinic: Clinic) -> None:
    clinic.tokens["slack"] = "xoxb-wrong"
    await clinic.findings()
    database = await Database.open(f"sqlite:///{clinic.file.with_name('run.db')}", ReversingSealer())
    with pytest.raises(NotConnected) as caught:
        await make_bot(load(clinic.file, {}), database, SystemClock())
    await database.close()
    assert str(caught.value) == (
        "[slack] can't be connected: auth.test: invalid_auth; run parley doctor for what to do"
    )


async def test_a_platform_that_cannot_be_reached_is_told(clinic: Clinic) -> None:
    clinic.slack.fail("auth.test", "500")
    found = await clinic.findings()
    assert not found["slack"].well
    assert "auth.test" in found["slack"].said
