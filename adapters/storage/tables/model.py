"""What a language model is to be asked, what it answered, and what that cost."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, PrimaryKeyConstraint

from adapters.storage.columns import Moment, OneOf, ShownText
from adapters.storage.schema import refers, table
from dialogue.advice.values import CallState, Doubt

model_jobs = table(
    "model_jobs",
    Column("message", ShownText, nullable=False),
    Column("doubt", OneOf(Doubt), nullable=False),
    Column("mark", ShownText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("leased_until", Moment),
    Column("other", ShownText),
    PrimaryKeyConstraint("community_id", "message"),
    refers(["community_id", "message"], ["messages.community_id", "messages.message"]),
    Index(None, "created_at"),
)

model_answers = table(
    "model_answers",
    Column("digest", ShownText, nullable=False),
    Column("choice", ShownText, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("expires_at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "digest"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "expires_at"),
)

model_calls = table(
    "model_calls",
    Column("call", ShownText, nullable=False),
    Column("model", ShownText, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("state", OneOf(CallState), nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("milliseconds", BigInteger, nullable=False),
    Column("discarded", Integer, nullable=False),
    Column("reason", ShownText, nullable=False),
    PrimaryKeyConstraint("community_id", "call"),
    refers(["community_id"], ["communities.community_id"]),
    Index(None, "begun_at"),
)
