"""The names of things. Each is a string with a type of its own, so that one can't be passed for another.

Platform ids (``SpaceId``, ``ChannelId``, ``AccountId`` and the platform's own message id) are what the platform calls
the thing. The others are ours. A ``MessageId`` is made of space, channel and the platform's id, because some platforms
number messages within a channel only.
"""

from typing import NewType

CommunityId = NewType("CommunityId", str)
SpaceId = NewType("SpaceId", str)
ChannelId = NewType("ChannelId", str)
AccountId = NewType("AccountId", str)
PlatformMessageId = NewType("PlatformMessageId", str)

MessageId = NewType("MessageId", str)
MemberId = NewType("MemberId", str)
ConversationId = NewType("ConversationId", str)
InsightId = NewType("InsightId", str)
TeamId = NewType("TeamId", str)
RouteId = NewType("RouteId", str)
AnswerId = NewType("AnswerId", str)
CorrectionId = NewType("CorrectionId", str)
AnnouncementId = NewType("AnnouncementId", str)
NoteId = NewType("NoteId", str)
QuestionId = NewType("QuestionId", str)
AuditId = NewType("AuditId", str)
ContributionId = NewType("ContributionId", str)
RewardId = NewType("RewardId", str)


def message_id(space: SpaceId, channel: ChannelId, platform_id: PlatformMessageId) -> MessageId:
    """The one name of a message, unique over all spaces: ``space/channel/platform id``.

    Slashes within space and channel are percent-encoded, so that :func:`platform_id` finds the last part again.
    """
    return MessageId(f"{_part(space)}/{_part(channel)}/{platform_id}")


def platform_id(message: MessageId) -> PlatformMessageId:
    """The platform's own id within a :func:`message_id`."""
    return PlatformMessageId(message.split("/", 2)[2])


def _part(name: str) -> str:
    # a percent sign alone stays as it is: names that were encoded before they came here keep their message ids
    return name.replace("/", "%2F")
