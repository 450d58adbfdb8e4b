"""Lines of the formats, with what is needed and nothing else."""

LINE = {
    "id": "m1",
    "platform": "discord",
    "channel": "help",
    "thread": None,
    "author": "anna",
    "role": "customer",
    "time": "2026-01-02T03:04:05Z",
    "text": "the export drops my tags",
    "reply_to": None,
}
ANSWERS = [
    {
        "id": "a1",
        "questions": ["how do I export?", "csv download?"],
        "answer": "Use File > Export.",
        "tags": ["export"],
        "source": "https://example.org/export",
    },
    {"id": "a2", "questions": ["how do I reset my password?"], "answer": "Settings, then Security."},
]


def line(number: int, text: str = "the export drops my tags", **more: object) -> dict[str, object]:
    """One message of a history, a minute after the one before."""
    time = f"2026-01-02T{number // 60 % 24:02}:{number % 60:02}:05Z"
    return LINE | {"id": f"m{number}", "time": time, "text": text} | more
