"""``parley doctor`` on the language model that is asked in doubt."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.database import Database
from bot.doctor import Finding, examine
from bot.moments import SystemClock
from dialogue.advice.breaker import FAILURES
from dialogue.advice.values import Call, CallState, Spent
from knowledge_base.ids import CommunityId, SpaceId
from tests.conftest import ReversingSealer
from tests.servers.model.server import KEY, ModelServer


class Practice:
    """A server with a model, a database, and a configuration that names both."""

    def __init__(self, server: ModelServer, url: str, file: Path) -> None:
        self.server = server
        self.url = url
        self.file = file
        self.changed = {"api_key": f'"{KEY}"', "name": '"wise-1"', "base_url": f'"{server.base_url}"'}

    async def findings(self, **changed: str) -> dict[str, Finding]:
        keys = {**self.changed, **changed}
        lines = "\n".join(f"{key} = {value}" for key, value in keys.items())
        self.file.write_text(f'[database]\nurl = "{self.url}"\n[model]\n{lines}\n')
        found = await examine(self.file)
        assert KEY not in str(found)
        return {finding.name: finding for finding in found if finding.name.startswith("language model")}


@pytest.fixture
async def practice(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Practice]:
    async with ModelServer().serving() as server:
        yield Practice(server, sqlite_url, tmp_path / "config.toml")


async def test_a_model_that_answers_is_told_with_what_it_did_cost(practice: Practice) -> None:
    found = await practice.findings()
    answers, budget = found["language model"], found["language model's budget"]
    assert (answers.well, budget.well) == (True, True)
    assert answers.said.startswith(f"wise-1 at {practice.server.base_url[7:-3]} answers, in ")
    assert budget.said == "0 tokens and 0 s of 200000 tokens and 1800 s spent today (UTC)"
    assert len(practice.server.requests) == 1


async def test_without_a_model_nothing_is_said_of_one(practice: Practice) -> None:
    assert await practice.findings(name='""') == {}
    assert practice.server.requests == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"api_key": '"wrong"'}, "the server does not accept the key (401)"),
        ({"name": '"wiser"'}, "the server knows no model of this name, or has no API at this address (404)"),
        ({"base_url": '"http://127.0.0.1:1/v1"'}, "the server can't be reached, or broke the connection"),
    ],
)
async def test_each_way_of_failing_is_a_sentence_with_what_to_do(practice: Practice, changed: dict, said: str) -> None:
    found = (await practice.findings(**changed))["language model"]
    assert not found.well
    assert found.said.endswith(f": {said}")
    assert found.remedy == "Mend that, or change [model]. Until then all works without it."


async def test_an_answer_that_is_not_json_is_a_sentence_too(practice: Practice) -> None:
    practice.server.says("Hello! How can I help you?")
    found = (await practice.findings())["language model"]
    assert found.said.endswith(": the model's answer is not the JSON that was asked for")


async def test_a_budget_that_pays_for_nothing_is_told(practice: Practice) -> None:
    found = (await practice.findings(tokens_per_day="100"))["language model's budget"]
    assert found.said == "100 tokens and 1800 s a day are too little for a single call"
    assert "tokens_per_day" in found.remedy


async def test_a_model_that_is_left_alone_is_told_with_why(practice: Practice) -> None:
    database = await Database.open(practice.url, ReversingSealer())
    acme, now = CommunityId("acme"), SystemClock().now()
    async with database.begin() as uow:
        await uow.communities.found(acme, SpaceId("s"), "Acme", now)
        for number in range(FAILURES):
            spent = Spent(70, 2000)
            reason = "the server can't answer (500)"
            await uow.model_calls.begin(Call(str(number), acme, "wise-1", now, CallState.FAILED, spent, reason=reason))
        await uow.commit()
    await database.close()
    found = (await practice.findings())["language model's budget"]
    assert not found.well
    assert found.said.startswith("210 tokens and 6 s of 200000 tokens and 1800 s spent today (UTC); not asked until ")
    assert found.said.endswith(" UTC: 3 calls in a row failed, at last: the server can't answer (500)")
