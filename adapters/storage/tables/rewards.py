"""What a community gives, the codes that it has for that, and who got what."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, UniqueConstraint

from adapters.storage.columns import Day, Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from knowledge_base.rewards import GrantState, RewardKind

rewards = table(
    "rewards",
    Column("reward", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", ShownText, nullable=False),
    Column("kind", OneOf(RewardKind), nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("monthly", Integer),
    Column("level", ShownText, nullable=False),
    Column("points", Integer, nullable=False),
    Column("season", ShownText, nullable=False),
    Column("about", ShownText, nullable=False),
    Column("worth", ShownText, nullable=False),
    Column("space", ShownText),
    Column("group_id", ShownText, nullable=False),
    Column("until", Day),
    Column("given", Integer, nullable=False),
    # the number of its last grant
    Column("last_grant", Integer, nullable=False),
    Column("closed_at", Moment),
    PrimaryKeyConstraint("community_id", "reward"),
    UniqueConstraint("community_id", "number"),
    CheckConstraint("given >= 0 AND given <= pieces", name="ck_rewards_given"),
    refers(["community_id"], ["communities.community_id"]),
)

reward_months = table(
    "reward_months",
    Column("reward", ShownText, nullable=False),
    Column("month", ShownText, nullable=False),
    Column("given", Integer, nullable=False),
    PrimaryKeyConstraint("community_id", "reward", "month"),
    CheckConstraint("given >= 0", name="ck_reward_months_given"),
    refers(["community_id", "reward"], ["rewards.community_id", "rewards.reward"]),
)

grants = table(
    "grants",
    Column("reward", ShownText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("member", ShownText, nullable=False),
    # how often they had got that reward, with this time: so that twice at one time is impossible
    Column("turn", Integer, nullable=False),
    Column("state", OneOf(GrantState), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", ShownText),
    Column("post", ShownText),
    Column("settled_at", Moment),
    PrimaryKeyConstraint("community_id", "reward", "number"),
    UniqueConstraint("community_id", "reward", "member", "turn"),
    refers(["community_id", "reward"], ["rewards.community_id", "rewards.reward"]),
    refers(["community_id", "member"], ["members.community_id", "members.member"]),
    Index(None, "community_id", "member"),
    Index(None, "community_id", "post"),
    Index(None, "community_id", "state"),
)

reward_codes = table(
    "reward_codes",
    # of the code, with the key that seals it: known again once it is forgotten
    Column("digest", ShownText, nullable=False),
    Column("reward", ShownText, nullable=False),
    Column("sealed", LargeBinary),
    # the grant that it goes with
    Column("number", Integer),
    PrimaryKeyConstraint("community_id", "digest"),
    refers(["community_id", "reward"], ["rewards.community_id", "rewards.reward"]),
    Index(None, "community_id", "reward", "number"),
)
