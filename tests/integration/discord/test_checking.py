import pytest
from pydantic import SecretStr

from adapters.discord.checking import greet
from adapters.discord.config import DiscordConfig
from tests.servers.discord.server import DiscordServer

MANY, FEW = 1 << 18 | 1 << 14, 1 << 19 | 1 << 15


@pytest.mark.parametrize(
    ("flags", "named"),
    [(MANY, ()), (FEW, ()), (1 << 14, ("Message Content",)), (1 << 19, ("Server Members",)),
     (0, ("Message Content", "Server Members"))],
)  # fmt: skip
async def test_an_intent_that_is_not_granted_is_named_with_what_to_do(flags: int, named: tuple[str, ...]) -> None:
    async with DiscordServer().running() as server:
        server.world.guild("Acme")
        server.world.flags = flags
        greeting = await greet(DiscordConfig(SecretStr(server.world.token), server.api_base))
    wrong = greeting.wrong
    assert greeting.said == "Parley on 1 server"
    assert len(wrong) == len(named)
    assert all(name in sentence and "switch it on" in sentence for name, sentence in zip(named, wrong, strict=True))


async def test_an_intent_that_is_not_wanted_is_not_missed() -> None:
    async with DiscordServer().running() as server:
        server.world.guild("Acme")
        server.world.flags = 0
        config = DiscordConfig(SecretStr(server.world.token), server.api_base, message_content=False, members=False)
        assert (await greet(config)).wrong == []


async def test_a_permission_that_its_role_lacks_is_named_with_the_server_unless_it_may_be_left_away() -> None:
    async with DiscordServer().running() as server:
        guild = server.world.guild("Acme")
        server.world.flags = MANY
        for role in server.world.guilds[guild]["roles"]:
            role["permissions"] = str(int(role["permissions"]) & ~(1 << 6 | 1 << 28))
        greeting = await greet(DiscordConfig(SecretStr(server.world.token), server.api_base))
    assert greeting.wrong == ["on Acme give its role the permissions Add Reactions"]
