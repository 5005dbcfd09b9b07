"""Opens a network for onnxruntime, with its tokenizer."""

from pathlib import Path
from typing import Any

SLOW = ["SkipLayerNormFusion"]
"""Fusions that make a network slower: this one puts a kernel that is not vectorised in the place of two that are."""


def open_network(network: Path, tokenizer: Path) -> tuple[Any, Any]:
    """A session, as ``open_session`` has it, and the tokenizer. Raises ValueError where either is damaged."""
    from tokenizers import Tokenizer

    try:
        pieces = Tokenizer.from_file(str(tokenizer))
    except Exception as error:  # the library raises its own unrelated types
        raise ValueError(str(error)) from error
    return open_session(network), pieces


def open_session(network: Path) -> Any:
    """A session that runs in its caller's own thread. Raises ValueError where the network is damaged."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(network), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW
        )
    except Exception as error:  # the library raises its own unrelated types
        raise ValueError(str(error)) from error
