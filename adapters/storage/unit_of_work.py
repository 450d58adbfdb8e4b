"""One transaction with everything that may be asked of it."""

from collections.abc import Sequence

from adapters.storage import locks
from adapters.storage.announcements import SqlAnnouncements, SqlMutes
from adapters.storage.answers import SqlAnswers
from adapters.storage.audit import SqlAudit
from adapters.storage.belongings import SqlBelongings
from adapters.storage.boards import SqlBoards
from adapters.storage.bridges import SqlBridges
from adapters.storage.cards import SqlCards
from adapters.storage.channels import SqlChannels
from adapters.storage.codec import Codec
from adapters.storage.codes import SqlCodes
from adapters.storage.communities import SqlCommunities
from adapters.storage.contributions import SqlContributions
from adapters.storage.corrections import SqlCorrections
from adapters.storage.digests import SqlDigests
from adapters.storage.gaps import SqlGaps
from adapters.storage.grants import SqlGrants
from adapters.storage.health import SqlHealth
from adapters.storage.holdings import SqlHoldings
from adapters.storage.inbox import SqlInbox
from adapters.storage.insights import SqlInsights
from adapters.storage.lately import SqlLately
from adapters.storage.learning import SqlLearning
from adapters.storage.levels import SqlLevels
from adapters.storage.members import SqlMembers
from adapters.storage.messages import SqlMessages
from adapters.storage.model_answers import SqlModelAnswers
from adapters.storage.model_calls import SqlModelCalls
from adapters.storage.model_jobs import SqlModelJobs
from adapters.storage.notes import SqlNotes
from adapters.storage.occasions import SqlOccasions
from adapters.storage.outbox import SqlOutbox
from adapters.storage.partners import SqlPartners, SqlSummaries
from adapters.storage.permissions import SqlPermissions
from adapters.storage.regroupings import SqlRegroupings
from adapters.storage.reminders import SqlReminders
from adapters.storage.reports import SqlReports
from adapters.storage.rewards import SqlRewards
from adapters.storage.rights import SqlRetentions, SqlTerms
from adapters.storage.schedules import SqlSchedules
from adapters.storage.search import VoiceIndexes
from adapters.storage.signs import SqlSigns
from adapters.storage.suggestions import SqlSuggestions
from adapters.storage.teams import RouteBook, SqlTeams
from adapters.storage.tellings import SqlTellings
from adapters.storage.tiers import SqlTiers
from adapters.storage.topics import SqlTopics
from adapters.storage.totals import SqlTotals
from adapters.storage.transaction import Transaction
from adapters.storage.vectors import SqlVectors
from adapters.storage.welcomes import SqlWelcomes
from dialogue.events import Lane
from dialogue.ports import UnitOfWork


class SqlUnitOfWork(UnitOfWork):
    """Made by :class:`~adapters.storage.database.Database`, which also ends it."""

    def __init__(self, transaction: Transaction, codec: Codec, indexes: VoiceIndexes, book: RouteBook) -> None:
        self._transaction = transaction
        self.communities = SqlCommunities(transaction)
        self.codes = SqlCodes(transaction)
        self.channels = SqlChannels(transaction)
        self.members = SqlMembers(transaction)
        self.messages = SqlMessages(transaction)
        self.vectors = SqlVectors(transaction, indexes)
        self.insights = insights = SqlInsights(transaction, self.vectors)
        self.notes = SqlNotes(transaction)
        self.audit = SqlAudit(transaction)
        self.corrections = SqlCorrections(transaction)
        self.learning = SqlLearning(transaction)
        self.regroupings = SqlRegroupings(transaction, insights)
        self.retentions = SqlRetentions(transaction)
        self.suggestions = SqlSuggestions(transaction)
        self.answers = SqlAnswers(transaction)
        self.teams = SqlTeams(transaction, book)
        self.holdings = SqlHoldings(transaction)
        self.announcements = SqlAnnouncements(transaction)
        self.belongings = SqlBelongings(transaction)
        self.mutes = SqlMutes(transaction)
        self.tellings = SqlTellings(transaction)
        self.bridges = SqlBridges(transaction)
        self.health = SqlHealth(transaction)
        self.lately = SqlLately(transaction)
        self.signs = SqlSigns(transaction)
        self.terms = SqlTerms(transaction)
        self.tiers = SqlTiers(transaction)
        self.contributions = SqlContributions(transaction)
        self.levels = SqlLevels(transaction)
        self.boards = SqlBoards(transaction)
        self.reminders = SqlReminders(transaction)
        self.occasions = SqlOccasions(transaction)
        self.rewards = SqlRewards(transaction, codec.sealer)
        self.grants = SqlGrants(transaction, codec.sealer)
        self.topics = SqlTopics(transaction)
        self.welcomes = SqlWelcomes(transaction)
        self.partners = SqlPartners(transaction)
        self.permissions = SqlPermissions(transaction)
        self._open_work(transaction, codec)

    def _open_work(self, transaction: Transaction, codec: Codec) -> None:
        """What is yet to be done and what was, beside what is known."""
        self.inbox = SqlInbox(transaction, codec)
        self.outbox = SqlOutbox(transaction, codec)
        self.cards = SqlCards(transaction)
        self.digests = SqlDigests(transaction)
        self.reports = SqlReports(transaction)
        self.summaries = SqlSummaries(transaction)
        self.schedules = SqlSchedules(transaction)
        self.gaps = SqlGaps(transaction)
        self.totals = SqlTotals(transaction)
        self.model_jobs = SqlModelJobs(transaction)
        self.model_answers = SqlModelAnswers(transaction)
        self.model_calls = SqlModelCalls(transaction)

    async def lock_lanes(self, lanes: Sequence[Lane]) -> None:
        """See :meth:`dialogue.ports.UnitOfWork.lock_lanes`."""
        await locks.hold(self._transaction, [f"lane {lane}" for lane in lanes])

    async def commit(self) -> None:
        """See :meth:`dialogue.ports.UnitOfWork.commit`."""
        await self._transaction.commit()
