"""Which lesson a correction is."""

from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.learning import Lesson, Teaching


def lesson_of(correction: Correction, number: int) -> Lesson | None:
    """What a correction teaches, as the ``number``-th of its community; None where its figures are not known.

    A kind that somebody gave by hand (a confidence of 1) says nothing of the judging.
    """
    pair = " ".join(sorted(one for one in (correction.insight, correction.other) if one))
    message = correction.message or ""
    match correction.sort:
        case CorrectionSort.MERGE:
            return _alike(Teaching.MERGE, pair, correction, number)
        case CorrectionSort.REFUSAL:
            return _alike(Teaching.REFUSAL, pair, correction, number)
        case CorrectionSort.SPLIT:
            return _alike(Teaching.SPLIT, message or pair, correction, number)
        case CorrectionSort.DISMISSAL:
            return _sure(Teaching.NO_INSIGHT, pair, correction, number)
        case CorrectionSort.TAGGING:
            return _sure(Teaching.MISSED, message, correction, number)
        case CorrectionSort.KIND:
            if correction.was_kind is None or correction.is_kind is None:
                return None
            return Lesson(number, Teaching.KIND, message, 0.0, correction.was_kind, correction.is_kind)


def _alike(teaches: Teaching, about: str, correction: Correction, number: int) -> Lesson | None:
    if correction.cosine is None or correction.model is None:
        return None
    return Lesson(number, teaches, about, correction.cosine, model=correction.model)


def _sure(teaches: Teaching, about: str, correction: Correction, number: int) -> Lesson | None:
    by_hand = correction.confidence is not None and correction.confidence >= 1
    if correction.confidence is None or by_hand or correction.was_kind is None:
        return None
    return Lesson(number, teaches, about, correction.confidence, correction.was_kind)
