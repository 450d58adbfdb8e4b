"""What ``features.py`` sees, told plainly: each number of each option by itself, from the messages alone."""

from collections.abc import Sequence
from math import log, log1p

from dialogue.understanding.features import NEAR
from dialogue.understanding.lines import TRAITS, traits
from dialogue.understanding.rows import MOST
from dialogue.understanding.values import WINDOW, Judged, Prepared

UNKNOWN_PACE = 30.0


class Plain:
    """The columns of each option of a message, by their names; ``remembered`` is oldest first."""

    def __init__(self, remembered: Sequence[Judged], message: Prepared) -> None:
        heard = [one for one in remembered[-WINDOW:] if one.by_person][-MOST:]
        self.window = heard[::-1]
        self.message = message
        self.me = message.heard.author
        self.lines = [one for one in self.window if one.thread == message.heard.thread]
        self.own = [one.author == self.me for one in self.lines]
        self.last = self.own.index(True) if any(self.own) else None
        self.ago = [max(0.0, message.seconds - one.prepared.seconds) for one in self.lines]
        self.pace = self._pace()
        spoken_to = message.addressees | message.hints
        meant = {n.author: n for n in self.lines if n.author != self.me and spoken_to & n.prepared.names}
        sure = {who for who, one in meant.items() if message.addressees & one.prepared.names}
        self.named = [one.author in meant for one in self.lines]
        self.hard = [one.author in sure for one in self.lines]
        self.shared = [frozenset(message.words) & frozenset(one.prepared.words) for one in self.lines]

    def options(self) -> list[dict[str, float]]:
        """Latest first; what holds for all options is not told here."""
        near = [n for n in range(len(self.lines)) if n < NEAR or self.own[n] or self.named[n]]
        return [self._speakers(n) | self._talk(n) | self._course(n) | self._words(n) | self._distance(n) for n in near]

    def to(self, one: Judged) -> str | None:
        """Who is answered, as far as that is remembered."""
        found = [n.author for n in self.window if n.prepared.heard.id == one.reply_to]
        return found[-1] if found else None

    def _pace(self) -> float:
        pairs = list(zip(self.lines[:24], self.lines[1:24], strict=False))
        gaps = sorted(a.prepared.seconds - b.prepared.seconds for a, b in pairs if a.author != b.author)
        if len(gaps) < 3:
            return max(UNKNOWN_PACE, self.ago[0]) if self.lines else UNKNOWN_PACE
        kept = gaps[: len(gaps) - len(gaps) // 5]
        return max(1.0, sum(max(0.0, gap) for gap in kept) / len(kept))

    def _where(self, flags: Sequence[bool]) -> list[Judged]:
        return [one for one, flag in zip(self.lines, flags, strict=True) if flag]

    def _speaks_to_me(self, one: Judged) -> bool:
        return self.to(one) == self.me or bool(self.message.names & one.prepared.addressees)

    def _talk_of(self, one: Judged) -> list[Judged]:
        return [n for n in self.window if n.conversation == one.conversation]

    def _distance(self, n: int) -> dict[str, float]:
        talk = self._talk_of(self.lines[n])
        since = min(self._before(talk[0]), len(self.lines) - 1)
        return {
            "lines": log1p(n),
            "seconds": log1p(self.ago[n]),
            "paces": log1p(self.ago[n] / self.pace),
            "paces since its conversation": log1p(self.ago[since] / self.pace),
            "the line before": n == 0,
            "the second before": n == 1,
            "the third before": n == 2,
        }

    def _before(self, one: Judged) -> int:
        return self.window.index(one)

    def _speakers(self, n: int) -> dict[str, float]:
        one, message = self.lines[n], self.message
        said, where = one.prepared, self._before(self.lines[n])
        later = sum(other.author == one.author for other in self.window[:where])
        alike = said.addressees == message.addressees
        return {
            "own line": self.own[n],
            "is named or hinted at": self.named[n],
            "is named": self.hard[n],
            "another is named": any(self.named) and not self.named[n],
            "names nobody here": bool(message.addressees) and not any(self.hard),
            "named the speaker": bool(message.names & said.addressees),
            "hinted at the speaker": bool(message.names & said.hints),
            "names somebody": bool(said.addressees),
            "names the same": alike and bool(message.addressees),
            "own line that names the same": alike and self.own[n],
            "its speaker's later lines": log1p(later),
            "its speaker's last line": later == 0,
        }

    def _talk(self, n: int) -> dict[str, float]:
        one, last = self.lines[n], self.last
        mine, named = self._where(self.own), self._where(self.named)
        talk, where = self._talk_of(one), self._before(one)
        later = sum(other.conversation == one.conversation for other in self.window[:where])
        replies = sum(other.reply_to == one.prepared.heard.id for other in self.window[:where])
        people = {m.author for m in talk}
        spoke = [m for m in self._where([not own for own in self.own]) if self._speaks_to_me(m)]
        answered = [self.to(m) for m in mine if self.to(m) not in (None, self.me)]
        return {
            "its conversation's later lines": log1p(later),
            "its conversation's last line": later == 0,
            "lines since its conversation": log1p(self._before(talk[0])),
            "its conversation's lines": log1p(len(talk)),
            "its conversation's people": len(people),
            "only its speaker in it": len(people) == 1,
            "the speaker takes part": one.conversation in {m.conversation for m in mine},
            "whom it names takes part": one.conversation in {m.conversation for m in named},
            "the speaker's last conversation": last is not None and one.conversation == self.lines[last].conversation,
            "the speaker's last line": n == last,
            "after the speaker's last line": last is not None and n < last,
            "the speaker's lines since": log1p(sum(self.own[:n])),
            "starts a conversation": one.reply_to is None,
            "answers the speaker": self.to(one) == self.me,
            "continues itself": self.to(one) == one.author,
            "answers whom it names": self.to(one) in {m.author for m in named},
            "spoke to the speaker last": bool(spoke) and one.author == spoke[0].author,
            "was spoken to last": bool(answered) and one.author == answered[0],
            "answers to it": log1p(replies),
            "unanswered": replies == 0,
        }

    def _course(self, n: int) -> dict[str, float]:
        one, mine = self.lines[n], None if self.last is None else self.lines[self.last]
        began, own = self._talk_of(one)[-1].author, self._where(self.own)
        to_me = sum(m.author == one.author and self.to(m) == self.me for m in self.lines)
        elsewhere = [m for m in self.lines[:n] if m.author == one.author and self.to(m) not in (None, self.me)]
        return {
            "the speaker's last line answered it": bool(mine) and mine.reply_to == one.prepared.heard.id,
            "answers the speaker's last line": bool(mine) and one.reply_to == mine.prepared.heard.id,
            "conversation the speaker began": began == self.me,
            "conversation its speaker began": began == one.author,
            "answered by the speaker before": log1p(sum(self.to(m) == one.author for m in own)),
            "answered the speaker before": log1p(to_me),
            "its speaker spoke on": n > 0 and self.lines[n - 1].author == one.author,
            "its speaker moved on": bool(elsewhere),
        }

    def _words(self, n: int) -> dict[str, float]:
        def weight(words: frozenset[int]) -> float:
            return sum(log((len(self.lines) + 1) / sum(w in both for both in self.shared)) for w in sorted(words))

        one = self.lines[n]
        talk = [both for both, m in zip(self.shared, self.lines, strict=True) if m.conversation == one.conversation]
        most = max(weight(both) for both in self.shared)
        return {
            "words shared": weight(self.shared[n]),
            "words shared with its conversation": weight(frozenset().union(*talk)),
            "shares most words": 0 < weight(self.shared[n]) >= most - 1e-9,
            "how many words": len(self.shared[n]),
            **{f"the other {name}": value for name, value in zip(TRAITS, traits(one.prepared).tolist(), strict=True)},
        }
