"""How models are run: by onnxruntime, on the calling thread alone, and telling nobody."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]


def open_session(model: Path) -> "InferenceSession":
    """A model, ready; it may be run by any number of threads at a time."""
    # from 1.29 on the library tells its maker what models it runs, unless this is set before it is loaded
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from onnxruntime import InferenceSession, SessionOptions, disable_telemetry_events

    disable_telemetry_events()
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])
