"""How many codes are given when all want one at once: ``python -m benchmarks.rewards --database URL [--claims 1000]``.

So many members claim one of a tenth as many codes, all at one time, each in a unit of work of their own, through the
connections that the program opens itself. *Granted*: lines of the ledger; *members* and *codes*: how many different
ones are among them; *left*: codes and pieces of the budget that are not given. *Seconds*: from the first claim to the
last answer, by the clock, and of this process's processor time; the server's is not in it. The database must be empty,
or one that was begun by this, as by a run that was killed: it goes on there. Without a URL it is a SQLite file.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from bot.wiring import key_in, open_storage
from dialogue.ports import Storage
from knowledge_base.ids import AccountId, CommunityId, MemberId, RewardId, SpaceId
from knowledge_base.members import Role
from knowledge_base.rewards import Again, Budget, Grant, Granting, GrantState, Reward, RewardKind

ACME, SPACE = CommunityId("acme"), SpaceId("acme")
VOUCHER = RewardId("voucher")
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
SHARE: Final = 10
"""Members for each code."""
ALL = list(GrantState)


async def begun(storage: Storage, claims: int) -> None:
    """The members, the reward and its codes, unless they are there."""
    async with storage.begin() as uow:
        if await uow.communities.of_space(SPACE) is not None:
            return
        await uow.communities.found(ACME, SPACE, "Acme", NOW)
        for number in range(claims):
            member = f"m{number}"
            await uow.members.see(ACME, SPACE, AccountId(member), member, Role.CUSTOMER, MemberId(member))
        await uow.rewards.add(Reward(VOUCHER, ACME, 1, "Voucher", RewardKind.CODE, Budget(claims // SHARE)))
        await uow.rewards.add_codes(ACME, VOUCHER, [f"CODE-{number}" for number in range(claims // SHARE)])
        await uow.commit()


async def claimed(storage: Storage, member: MemberId) -> Granting:
    """What came of one claim, once it is committed."""
    async with storage.begin() as uow:
        wanted = Grant(ACME, VOUCHER, 0, member, GrantState.GIVEN, NOW)
        came, _ = await uow.grants.give(wanted, Again.ONCE)
        await uow.commit()
    return came


async def found(storage: Storage) -> Mapping[str, int]:
    """What the ledger says."""
    async with storage.read() as uow:
        grants = await uow.grants.in_state(ACME, ALL)
        codes = {await uow.grants.code(grant) for grant in grants} - {None}
        left = (await uow.rewards.stock(ACME, NOW))[VOUCHER]
    return {
        "granted": len(grants),
        "members": len({grant.member for grant in grants}),
        "codes": len(codes),
        "left_codes": left.codes or 0,
        "left_pieces": left.pieces,
    }


async def measured(url: str, key: Path, claims: int) -> Mapping[str, float | Mapping[str, int]]:
    """What came of it, and how long it took."""
    async with open_storage(url, key_in(key)) as storage:
        await begun(storage, claims)
        members: Sequence[MemberId] = [MemberId(f"m{number}") for number in range(claims)]
        began, used = time.perf_counter(), time.process_time()
        answers = Counter(await asyncio.gather(*(claimed(storage, member) for member in members)))
        seconds, spent = time.perf_counter() - began, time.process_time() - used
        return {
            "claims": claims,
            "seconds": round(seconds, 3),
            "cpu": round(spent, 3),
            "answers": {str(answer): count for answer, count in sorted(answers.items())},
            **await found(storage),
        }


def main() -> None:
    """Measure; a line of JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--claims", type=int, default=1000)
    arguments.add_argument("--database", default="")
    arguments.add_argument("--key", type=Path, help="the file of the key by which codes are sealed")
    chosen = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as made:
        url = chosen.database or f"sqlite:///{made}/rewards.db"
        print(json.dumps(asyncio.run(measured(url, chosen.key or Path(made) / "key", chosen.claims))))


if __name__ == "__main__":
    main()
