"""The migrations make the very tables that the program uses, each step whole or not at all."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import migrations
from adapters.storage import engines
from adapters.storage.address import Address
from adapters.storage.database import Access, Database
from adapters.storage.errors import SchemaTooNew, SchemaTooOld
from adapters.storage.tables import metadata
from adapters.storage.upgrade import revision, upgrade
from dialogue.health.scheduling import RULES
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of, readers_in
from knowledge_base.digests import DigestPart, DigestSpan, DigestState
from knowledge_base.escalations import HealthSettings
from knowledge_base.holdings import Because, Holding
from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, SpaceId, TeamId
from knowledge_base.kinds import Kind
from knowledge_base.members import Group, Policy, Recording, Role
from knowledge_base.merging import signature
from tests.conftest import ReversingSealer
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import vector as unit

NOT_BY_COMMUNITY = {"codes": {("digest",)}, "inbox": {("seq",)}, "outbox": {("seq",)}, "spaces": {("space",)}}
"""Keys that do not lead with their community; ``adapters/storage/tables`` says why."""


async def run(url: str, work) -> object:
    engine = engines.writing(Address.parse(url))
    async with engine.connect() as connection:
        done = await connection.run_sync(work)
        await connection.commit()
    await engine.dispose()
    return done


def chain() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


def migrate(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


OF_0002 = (
    (
        "INSERT INTO communities (community_id, name, created_at, last_insight, last_route, last_voice)"
        " VALUES ('acme', 'Acme', 0, 0, 0, 0)"
    ),
    "INSERT INTO spaces (community_id, space) VALUES ('acme', 's')",
    (
        "INSERT INTO channels"
        " (community_id, space, channel, name, audience, audience_chosen, mode, mode_chosen, shared)"
        " VALUES ('acme', 's', 'c', 'help', 'internal', true, 'listening', true, 'no')"
    ),
)
"""A community with a channel, as that release wrote them."""

OF_0003 = (
    *OF_0002[:2],
    (
        "INSERT INTO members (community_id, member, name, role, recording, share_private)"
        " VALUES ('acme', 'm', 'Anna', 'customer', 'allowed', false)"
    ),
    (
        "INSERT INTO messages (community_id, message, space, channel, position, author, author_name, role, at, text,"
        " language, kind, confidence, conversation, version, deleted, reasons)"
        " VALUES ('acme', 's/c/1', 's', 'c', 1, 'm', 'Anna', 'customer', 0, 'it fails', 'en', 'problem', 0.9, 'k', '',"
        " false, '[]')"
    ),
    (
        "INSERT INTO insights (community_id, insight, number, kind, title, titled_by, status, demand, first_at,"
        " last_at, tags, reason) VALUES ('acme', 'i', 1, 'problem', 'it fails', 's/c/1', 'new', 1, 0, 0, '[]', '')"
    ),
    (
        "INSERT INTO voices (community_id, message, insight, number, model, size, signature, vector)"
        " VALUES ('acme', 's/c/1', 'i', 1, 'tiny', 16, :signature, :vector)"
    ),
)
"""A voice with its vector, as that release wrote them."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PEOPLE = 3  # of the rows: the community, its space and its one member
_MESSAGE = (
    "INSERT INTO messages (community_id, message, space, channel, position, author, author_name, role, at, text,"
    " language, kind, confidence, conversation, version, deleted, reasons)"
    " VALUES ('acme', '{key}', 's', 'c', {position}, 'm', 'Anna', 'customer', {at}, 'it fails', 'en', 'problem', 0.9,"
    " 'k', '', false, '[]')"
)
_INSIGHT = (
    "INSERT INTO insights (community_id, insight, number, kind, title, titled_by, status, demand, first_at,"
    " last_at, tags, reason) VALUES ('acme', '{key}', {number}, 'problem', 'it fails', 's/c/1', 'new', 1, {at}, {at},"
    " '[]', '')"
)
_VOICE = (
    "INSERT INTO voices (community_id, message, insight, number, circle, model)"
    " VALUES ('acme', '{message}', '{insight}', {number}, 'public', 'tiny')"
)
_CARD = (
    "INSERT INTO cards (community_id, insight, team, post, space, channel) VALUES ('acme', '{key}', 't', 'p{key}',"
    " 's', 'room')"
)
_DIGEST = (
    "INSERT INTO digests (community_id, post, team, since, until, space, channel)"
    " VALUES ('acme', '{post}', 't', {since}, {until}, 's', 'room')"
)
OF_0011 = (
    *OF_0003[:_PEOPLE],
    _MESSAGE.format(key="s/c/1", position=1, at=50),
    _MESSAGE.format(key="s/c/2", position=2, at=250),
    _INSIGHT.format(key="i", number=1, at=50),
    _INSIGHT.format(key="j", number=2, at=250),
    _VOICE.format(message="s/c/1", insight="i", number=1),
    _VOICE.format(message="s/c/2", insight="j", number=2),
    "INSERT INTO teams (community_id, team, name, space, channel) VALUES ('acme', 't', 'Product', 's', 'room')",
    (
        "INSERT INTO schedules (community_id, name, space, rule, zone, due_at)"
        " VALUES ('acme', 'digest:t', 's', '0 9 * * fri', 'Europe/Berlin', 300)"
    ),
    _CARD.format(key="i"),
    _CARD.format(key="j"),
    _DIGEST.format(post="d1", since=0, until=100),
    _DIGEST.format(post="d2", since=100, until=200),
)
"""A team that was told twice, as that release wrote it: of one insight, and not yet of the other."""


def test_the_known_revisions_are_those_of_the_files_in_one_chain() -> None:
    steps = list(chain().walk_revisions())
    assert tuple(step.revision for step in reversed(steps)) == migrations.REVISIONS
    assert chain().get_heads() == [migrations.HEAD]


class MigrationsContract:
    async def test_the_migrated_tables_are_those_of_the_program(self, url: str) -> None:
        def differences(connection: Connection) -> list[object]:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return compare_metadata(context, metadata)

        assert await run(url, differences) == []

    async def test_every_table_and_key_leads_with_its_community(self, url: str) -> None:
        assert await run(url, first_columns) == dict.fromkeys(metadata.tables, "community_id")
        assert await run(url, keys_without_community) == NOT_BY_COMMUNITY

    async def test_the_revision_is_told(self, url: str) -> None:
        assert await revision(url) == migrations.HEAD

    async def test_upgrading_what_is_up_to_date_changes_nothing(self, url: str) -> None:
        assert await upgrade(url) == migrations.HEAD

    async def test_upgrading_from_nothing_makes_everything(self, url: str) -> None:
        await run(url, empty)
        assert await revision(url) is None
        with pytest.raises(SchemaTooOld, match="run: parley db upgrade"):
            await Database.open(url, ReversingSealer(), Access.READ)
        assert await upgrade(url) == migrations.HEAD
        assert await revision(url) == migrations.HEAD
        assert set(metadata.tables) < set(await run(url, tables))

    async def test_what_0002_stored_is_there_after_the_upgrade(self, url: str) -> None:
        await run(url, empty)
        await run(url, lambda connection: migrate(connection, "0002"))
        await run(url, lambda connection: [connection.execute(text(row)) for row in OF_0002])
        database = await Database.open(url, ReversingSealer())
        async with database.begin() as uow:
            kept = await uow.channels.get(SpaceId("s"), ChannelId("c"))
            assert (kept.name, kept.audience, kept.mode, kept.direct) == ("help", "internal", "listening", False)
            assert await uow.communities.admin_channel(CommunityId("acme")) is None
            # what the platform said at the choice is not known, so nothing it says undoes that
            seen = (CommunityId("acme"), SpaceId("s"), ChannelId("c"), "help")
            assert (await uow.channels.see(*seen, Audience.PUBLIC, Shared.NO)).audience is Audience.INTERNAL
            await uow.members.choose_groups(CommunityId("acme"), SpaceId("s"), [Group(SpaceId("s"), "g", Role.STAFF)])
            await uow.commit()
        await database.close()

    async def test_what_0003_kept_of_voices_is_found_after_the_upgrade(self, url: str) -> None:
        await run(url, empty)
        await run(url, lambda connection: migrate(connection, "0003"))
        vector, signed = unit(3, 4), signature(unit(3, 4))
        kept = {"signature": signed.tobytes(), "vector": vector.tobytes()}
        await run(url, lambda connection: [connection.execute(text(row), kept) for row in OF_0003])
        database = await Database.open(url, ReversingSealer())
        async with database.read() as uow:
            readers = readers_in(circle_of(SpaceId("s"), ChannelId("c"), Audience.PRIVATE, Shared.UNKNOWN))
            (only,) = await uow.insights.nearest(CommunityId("acme"), "tiny", vector, readers)
            assert (only.message, only.insight, only.kind, only.cosine) == ("s/c/1", "i", "problem", 1)
            assert await uow.vectors.outdated("tiny") == {}
            assert await uow.vectors.outdated("another") == {"acme": 1}
        await database.close()

    async def test_who_never_chose_before_it_was_asked_has_said_neither_yes_nor_no_after_the_upgrade(
        self, url: str
    ) -> None:
        await run(url, empty)
        await run(url, lambda connection: migrate(connection, "0003"))
        people = [
            *OF_0003[:_PEOPLE],
            OF_0003[2].replace("'m'", "'again'"),
            *(
                "INSERT INTO consents (community_id, member, number, recording, share_private, changed_at)"
                f" VALUES ('acme', 'again', {number}, '{recording}', false, 0)"
                for number, recording in ((1, "stopped"), (2, "allowed"))
            ),
        ]
        await run(url, lambda connection: [connection.execute(text(row)) for row in people])
        database = await Database.open(url, ReversingSealer())
        async with database.read() as uow:
            acme = CommunityId("acme")
            found = [await uow.members.get(acme, MemberId(member)) for member in ("m", "again")]
            assert [member.consent.recording for member in found] == [Recording.UNSAID, Recording.ALLOWED]
            assert await uow.communities.policy(acme) is Policy.NOTICE
        await database.close()

    async def test_what_0011_told_teams_is_not_told_again_after_the_upgrade(self, url: str) -> None:
        await run(url, empty)
        await run(url, lambda connection: migrate(connection, "0011"))
        await run(url, lambda connection: [connection.execute(text(row)) for row in OF_0011])
        database = await Database.open(url, ReversingSealer())
        acme, week = CommunityId("acme"), timedelta(microseconds=100)
        async with database.begin() as uow:
            settings = (await uow.digests.settings(acme))["t"]
            assert (settings.rule, settings.zone, settings.language) == ("0 9 * * fri", "Europe/Berlin", "en")
            assert (settings.parts, settings.state) == (tuple(DigestPart), DigestState.RUNNING)
            assert (settings.told_until, settings.told_voice) == (EPOCH + 2 * week, 1)
            (first, second) = await uow.digests.that_tell(acme, [InsightId("i")], EPOCH)
            assert [(one.post, one.after, one.upto) for one in (first, second)] == [("d1", 0, 1), ("d2", 1, 1)]
            await uow.digests.tell(acme, TeamId("t"), EPOCH + 3 * week)
            span = DigestSpan(TeamId("t"), EPOCH + 3 * week, 1, 9)
            waiting = await uow.digests.longest_waiting(acme, span, tuple(Kind), 9)
            rows = [*await uow.digests.came_up(acme, span), *waiting.rows]
            assert {row.insight.id: row.told_at for row in rows} == {"i": EPOCH + week, "j": EPOCH + 3 * week}
        await database.close()

    async def test_the_loop_of_a_community_with_a_team_is_looked_after_once_it_is_upgraded(self, url: str) -> None:
        await run(url, empty)
        await run(url, lambda connection: migrate(connection, "0011"))
        await run(url, lambda connection: [connection.execute(text(row)) for row in OF_0011])
        database = await Database.open(url, ReversingSealer())
        async with database.read() as uow:
            due = [(one.name, one.space, one.zone, one.rule) for one in await uow.schedules.due(EPOCH)]
            assert due == [(name, "s", "Europe/Berlin", rule) for name, rule in sorted(RULES.items())]
            settings = await uow.health.settings(CommunityId("acme"))
            assert settings == HealthSettings(CommunityId("acme"))
        await database.close()

    async def test_what_0026_held_back_is_held_back_after_the_upgrade(self, url: str) -> None:
        held = (
            "INSERT INTO holdings (community_id, insight, team, route, because, at)"
            " VALUES ('acme', 'j', 't', 'r', 'quiet', 250)"
        )
        await run(url, empty)
        await run(url, lambda connection: migrate(connection, "0011"))
        await run(url, lambda connection: [connection.execute(text(row)) for row in OF_0011])
        await run(url, lambda connection: migrate(connection, "0026"))
        await run(url, lambda connection: connection.execute(text(held)))
        database = await Database.open(url, ReversingSealer())
        acme, team = CommunityId("acme"), TeamId("t")
        async with database.read() as uow:
            (found,) = await uow.holdings.of_team(acme, team)
        assert found == Holding(acme, InsightId("j"), team, Because.QUIET, EPOCH + timedelta(microseconds=250))
        await database.close()

    async def test_opening_for_writing_upgrades(self, url: str) -> None:
        await run(url, empty)
        database = await Database.open(url, ReversingSealer())
        await database.close()
        assert await revision(url) == migrations.HEAD

    @pytest.mark.parametrize("access", list(Access))
    async def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(self, url: str, access: Access) -> None:
        await run(url, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
        with pytest.raises(
            SchemaTooNew, match=rf"made by a newer Parley \(revision 9999, this one knows {migrations.HEAD}\)"
        ):
            await Database.open(url, ReversingSealer(), access)
        with pytest.raises(SchemaTooNew):
            await upgrade(url)
        assert await revision(url) == "9999"

    async def test_a_step_that_fails_midway_leaves_nothing(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        await run(url, empty)
        create = op.create_table

        def fail_at_the_outbox(name: str, *rest, **more) -> object:
            if name == "outbox":
                raise ZeroDivisionError
            return create(name, *rest, **more)

        with monkeypatch.context() as patch:
            patch.setattr(op, "create_table", fail_at_the_outbox)
            with pytest.raises(ZeroDivisionError):
                await upgrade(url)
        assert set(await run(url, tables)) <= {"alembic_version"}
        assert await revision(url) is None
        assert await upgrade(url) == migrations.HEAD


def empty(connection: Connection) -> None:
    metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))


def tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


def first_columns(connection: Connection) -> dict[str, str]:
    return {name: inspect(connection).get_columns(name)[0]["name"] for name in metadata.tables}


def keys_without_community(connection: Connection) -> dict[str, set[tuple[str, ...]]]:
    found = {name: {key for key in keys(connection, name) if key[0] != "community_id"} for name in metadata.tables}
    return {name: keys for name, keys in found.items() if keys}


def keys(connection: Connection, table: str) -> set[tuple[str, ...]]:
    inspector = inspect(connection)
    primary = inspector.get_pk_constraint(table)["constrained_columns"]
    constraints = [unique["column_names"] for unique in inspector.get_unique_constraints(table)]
    indexes = [index["column_names"] for index in inspector.get_indexes(table) if index["unique"]]
    return {tuple(key) for key in (primary, *constraints, *indexes)}


class TestMigrationsOnSqlite(OnSqlite, MigrationsContract):
    pass


class TestMigrationsOnPostgresql(OnPostgresql, MigrationsContract):
    pass
