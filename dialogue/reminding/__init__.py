"""Reminders of benefit: members are shown what their knowledge did, rarely, and never when it would disturb."""
