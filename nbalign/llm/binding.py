"""llama.cpp's low-level API behind a small class: load, tokenize, decode on sequences, read one row of logits.

Only the worker process imports this module. The high-level `Llama` class is not used: it redirects the process's
file descriptors, keeps logits of every position, and has no unified cache for several sequences.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from nbalign.errors import ModelError
from nbalign.llm.model import ChatFrame, EngineSettings

MAX_SEQUENCES = 24  # sequence 0 is the prefix, the others are branches; a rubric has at most 20 dimensions

_SYSTEM, _USER = "NBALIGN-SYSTEM-WORDS", "NBALIGN-USER-WORDS"
_log_tail: deque[str] = deque(maxlen=40)


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _keep_log(level: int, text: bytes, _data: object) -> None:
    # Never raise across the C boundary; `level` 3 and 4 are warning and error, the rest is chatter.
    if level in (3, 4):
        _log_tail.append(text.decode("utf-8", "replace").strip())


class Aborted(Exception):
    """The caller asked to stop in the middle of an evaluation."""


class Binding:
    """One loaded model with one context.

    Args:
        path: The GGUF file; its header was checked by the caller.
        settings: How to load it.
        should_stop: Asked often during evaluation; True aborts it.
        vocabulary_only: Load no weights and make no context: only tokens can be counted then.

    Raises:
        ModelError: If llama.cpp refuses the file or there is not enough memory.
    """

    def __init__(
        self,
        path: Path,
        settings: EngineSettings,
        should_stop: Callable[[], bool],
        *,
        vocabulary_only: bool = False,
    ) -> None:
        llama_cpp.llama_log_set(_keep_log, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        self.gpu = bool(llama_cpp.llama_supports_gpu_offload())
        self.gpu_layers = (settings.gpu_layers if settings.gpu_layers >= 0 else 999) if self.gpu else 0
        self._model = self._load(path, vocabulary_only)
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self.context_trained = int(llama_cpp.llama_model_n_ctx_train(self._model))
        self.context = min(settings.context, self.context_trained)
        self.batch = settings.batch
        self.vocab_size = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        if vocabulary_only:
            return
        self._abort = llama_cpp.ggml_abort_callback(lambda _data: should_stop())  # kept: C holds a pointer to it
        self._context = self._make_context(settings)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(self.batch, 0, 1)

    def _load(self, path: Path, vocabulary_only: bool) -> Any:
        params = llama_cpp.llama_model_default_params()
        params.vocab_only = vocabulary_only
        params.n_gpu_layers = self.gpu_layers
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
        if not model:
            raise ModelError(
                f"llama.cpp cannot load {path.name}: {_last_words()}",
                "Check the file with `nbalign models verify`, or try another model with `--model`.",
            )
        return model

    def _make_context(self, settings: EngineSettings) -> Any:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = self.context
        params.n_batch = params.n_ubatch = self.batch
        params.n_seq_max = MAX_SEQUENCES
        params.n_threads = params.n_threads_batch = settings.threads
        params.kv_unified = True  # branches share the prefix's cells instead of copying them
        params.flash_attn_type = 1 if settings.flash_attention else 0
        params.no_perf = True
        params.abort_callback = self._abort
        context = llama_cpp.llama_init_from_model(self._model, params)
        if not context:
            raise ModelError(
                f"llama.cpp cannot make a context of {self.context} tokens: {_last_words()}",
                "There may be too little memory: try a smaller model or `--context 2048`.",
            )
        return context

    @property
    def description(self) -> str:
        """Architecture, size and quantisation in llama.cpp's words."""
        buffer = ctypes.create_string_buffer(256)
        llama_cpp.llama_model_desc(self._model, buffer, 256)
        return buffer.value.decode("utf-8", "replace")

    def frame(self) -> ChatFrame:
        """The model's chat template taken apart; plain paragraphs where it has none or none that is known."""
        template = llama_cpp.llama_model_chat_template(self._model, None)
        if template:
            messages = (llama_cpp.llama_chat_message * 2)(
                llama_cpp.llama_chat_message(role=b"system", content=_SYSTEM.encode()),
                llama_cpp.llama_chat_message(role=b"user", content=_USER.encode()),
            )
            buffer = ctypes.create_string_buffer(8192)
            size = llama_cpp.llama_chat_apply_template(template, messages, 2, True, buffer, 8192)
            text = buffer.raw[: max(0, min(size, 8192))].decode("utf-8", "replace")
            if text.count(_SYSTEM) == 1 and text.count(_USER) == 1 and text.index(_SYSTEM) < text.index(_USER):
                head, rest = text.split(_SYSTEM)
                middle, tail = rest.split(_USER)
                return ChatFrame(head, middle, tail)
        return ChatFrame("", "\n\n", "\n\n")

    def tokenize(self, text: str, *, special: bool, first: bool = False) -> list[int]:
        """Tokens of a text.

        Args:
            text: Any text.
            special: Whether control tokens written out in the text count as such; False for untrusted text.
            first: Whether the prompt begins here, so that the model's BOS token is set if it wants one.
        """
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        while True:
            tokens = (llama_cpp.llama_token * room)()
            count = llama_cpp.llama_tokenize(self._vocab, raw, len(raw), tokens, room, first, special)
            if count >= 0:
                return list(tokens[:count])
            room = -count

    def piece(self, token: int) -> bytes:
        """The bytes of one token; empty for control tokens."""
        buffer = ctypes.create_string_buffer(256)
        size = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, 256, 0, False)
        return buffer.raw[: max(0, size)]

    def ends(self, token: int) -> bool:
        """Whether this token ends the model's turn."""
        return bool(llama_cpp.llama_vocab_is_eog(self._vocab, token))

    def decode(self, tokens: Sequence[int], start: int, sequence: int) -> None:
        """Evaluates up to `batch` tokens of one sequence; logits are kept for the last one.

        Args:
            tokens: 1 to `batch` tokens.
            start: Position of the first of them.
            sequence: Sequence they belong to.

        Raises:
            Aborted: If the caller asked to stop; the sequence then holds nothing from `start` on.
            ModelError: If llama.cpp fails, for instance because the context is full.
        """
        rows = [(token, start + i, sequence, i == len(tokens) - 1) for i, token in enumerate(tokens)]
        try:
            self._decode(rows)
        except (Aborted, ModelError):
            self.forget(sequence, start)
            raise

    def step(self, rows: Iterable[tuple[int, int, int]]) -> None:
        """Evaluates one token each of several sequences together; logits are kept for every row, in order.

        Args:
            rows: (token, position, sequence), at most `batch` of them.

        Raises:
            Aborted: If the caller asked to stop.
            ModelError: If llama.cpp fails.
        """
        self._decode([(token, position, sequence, True) for token, position, sequence in rows])

    def _decode(self, rows: Sequence[tuple[int, int, int, bool]]) -> None:
        batch = self._batch
        batch.n_tokens = len(rows)
        for i, (token, position, sequence, logits) in enumerate(rows):
            batch.token[i] = token
            batch.pos[i] = position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = sequence
            batch.logits[i] = logits
        status = llama_cpp.llama_decode(self._context, batch)
        if status == 2:
            raise Aborted
        if status != 0:
            raise ModelError(
                f"llama.cpp could not evaluate {len(rows)} tokens (status {status}): {_last_words()}",
                "The context may be full: lower `--budget` or raise `--context`.",
            )

    def logits(self, row: int = -1) -> NDArray[np.float32]:
        """A copy of the logits of one row of the latest evaluation, shape (vocab_size,)."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(pointer, shape=(self.vocab_size,)).copy()

    def branch(self, source: int, target: int) -> None:
        """Makes `target` share all cells of `source`; free with the unified cache."""
        llama_cpp.llama_memory_seq_rm(self._memory, target, -1, -1)
        llama_cpp.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def forget(self, sequence: int, start: int = 0) -> None:
        """Drops what a sequence holds from a position on."""
        llama_cpp.llama_memory_seq_rm(self._memory, sequence, start, -1)

    def save(self, path: Path, sequence: int, tokens: Sequence[int]) -> bool:
        """Writes a sequence's cache and its tokens to a file; False when llama.cpp could not."""
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        return bool(
            llama_cpp.llama_state_seq_save_file(self._context, str(path).encode(), sequence, array, len(tokens))
        )

    def size(self, sequence: int) -> int:
        """Bytes that `save` would write for a sequence, its tokens left out."""
        return int(llama_cpp.llama_state_seq_get_size(self._context, sequence))

    def restore(self, path: Path, sequence: int, tokens: Sequence[int]) -> bool:
        """Loads a sequence written by `save`; False, with the sequence empty, when it is not exactly these tokens."""
        array = (llama_cpp.llama_token * len(tokens))()
        count = ctypes.c_size_t(0)
        self.forget(sequence)
        read = llama_cpp.llama_state_seq_load_file(
            self._context, str(path).encode(), sequence, array, len(tokens), ctypes.byref(count)
        )
        if read and list(array[: count.value]) == list(tokens):
            return True
        self.forget(sequence)
        return False


def build() -> str:
    """Version of the binding and the features of this build, one line."""
    features = llama_cpp.llama_print_system_info().decode("utf-8", "replace")
    return f"llama-cpp-python {llama_cpp.__version__} · " + " ".join(features.split())


def _last_words() -> str:
    return " / ".join(list(_log_tail)[-3:])[:500] or "it gave no reason"
