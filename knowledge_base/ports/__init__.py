"""What the knowledge base needs of storage. Every method works inside the caller's unit of work.

Nothing is visible to others before that commits. ``now`` is always given. Rows of one community are never returned for
another: each method takes the community or an id that names it.
"""

from knowledge_base.ports.announcements import Announcements, Mutes
from knowledge_base.ports.answers import Answers
from knowledge_base.ports.audit import Audit
from knowledge_base.ports.belongings import Belongings
from knowledge_base.ports.contributions import Boards, Contributions, Levels
from knowledge_base.ports.corrections import Corrections
from knowledge_base.ports.credits import Credits
from knowledge_base.ports.health import Health
from knowledge_base.ports.holdings import Holdings
from knowledge_base.ports.insights import Insights
from knowledge_base.ports.lately import Lately
from knowledge_base.ports.learning import Learning
from knowledge_base.ports.members import Members
from knowledge_base.ports.messages import Messages
from knowledge_base.ports.notes import Notes
from knowledge_base.ports.partners import Partners
from knowledge_base.ports.permissions import Permissions
from knowledge_base.ports.places import Channels, Codes, Communities
from knowledge_base.ports.regroupings import Regroupings, Suggestions
from knowledge_base.ports.reminders import Occasions, Reminders
from knowledge_base.ports.rewards import Grants, Rewards
from knowledge_base.ports.rights import AllTerms, Retentions
from knowledge_base.ports.teams import Teams
from knowledge_base.ports.tiers import Tiers
from knowledge_base.ports.topics import Topics
from knowledge_base.ports.vectors import OutdatedVoice, Vectors
from knowledge_base.ports.welcomes import Welcomes

__all__ = [
    "AllTerms",
    "Announcements",
    "Answers",
    "Audit",
    "Belongings",
    "Boards",
    "Channels",
    "Codes",
    "Communities",
    "Contributions",
    "Corrections",
    "Credits",
    "Grants",
    "Health",
    "Holdings",
    "Insights",
    "Lately",
    "Learning",
    "Levels",
    "Members",
    "Messages",
    "Mutes",
    "Notes",
    "Occasions",
    "OutdatedVoice",
    "Partners",
    "Permissions",
    "Regroupings",
    "Reminders",
    "Retentions",
    "Rewards",
    "Suggestions",
    "Teams",
    "Tiers",
    "Topics",
    "Vectors",
    "Welcomes",
]
