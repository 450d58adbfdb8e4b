"""Personal data and secrets out of texts: one file per sort of find, put together in ``masker``."""

from adapters.language.masking.masker import PatternMasker

__all__ = ["PatternMasker"]
