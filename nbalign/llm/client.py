"""The caller's side of the engine: what a worker can be asked, as methods."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbalign.errors import Cancelled, ModelError, NbalignError
from nbalign.llm.model import Answer, ChatFrame, EngineInfo, EngineSettings, Sampling, Segment, Usage
from nbalign.llm.parking import DEFAULT_BOUND
from nbalign.llm.process import WorkerProcess
from nbalign.llm.protocol import Message

OnTokens = Callable[[int, int], None]
OnText = Callable[[int, int, str], None]  # tokens written, most tokens, new text


class EngineClient:
    """A model loaded in a worker process of its own. One call at a time; a lock keeps threads in line.

    Args:
        path: GGUF file.
        sha256: Its hash.
        settings: How to load it.
        park_folder: Folder for parked prefixes.
        park_bound: Most bytes parked; 0 parks nothing.
        vocabulary_only: Load no weights: such an engine counts tokens and does nothing else.

    Raises:
        ModelError: If the model cannot be loaded or the worker dies.
    """

    def __init__(
        self,
        path: Path,
        sha256: str,
        settings: EngineSettings,
        park_folder: Path,
        park_bound: int = DEFAULT_BOUND,
        *,
        vocabulary_only: bool = False,
    ) -> None:
        self._lock = threading.Lock()
        self._ids = 0
        self._process = WorkerProcess(path.name)
        try:
            raw = self._call(
                "load",
                path=str(path),
                sha256=sha256,
                settings=asdict(settings),
                park_folder=str(park_folder),
                park_bound=park_bound,
                vocabulary_only=vocabulary_only,
            )
        except BaseException:
            self.close()
            raise
        self.info = EngineInfo(**{**raw, "frame": ChatFrame(**raw["frame"])})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process id of the worker."""
        return self._process.pid

    def close(self) -> None:
        """Ends the worker; safe to call twice, and from another thread while a call is under way."""
        self._process.close()

    def cancel(self) -> None:
        """Asks the evaluation under way to stop; its call then raises `Cancelled`. Safe from any thread."""
        with contextlib.suppress(OSError, ValueError):
            self._process.say({"op": "cancel"})

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text in the model's own tokenizer."""
        return [int(n) for n in self._call("count", texts=list(texts))]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """The model's own tokens of each text, read as plain characters."""
        return [[int(token) for token in tokens] for tokens in self._call("tokenize", texts=list(texts))]

    def length(self, segments: Sequence[Segment], *, first: bool = True) -> int:
        """Tokens of segments put together; `first` where they begin the prompt."""
        return int(self._call("tokens", segments=_plain(segments), first=first))

    def read_prefix(self, segments: Sequence[Segment], on_tokens: OnTokens | None = None) -> Usage:
        """Makes these segments the shared prefix of the branches that follow.

        Args:
            segments: The prefix.
            on_tokens: Told (tokens done, tokens in all) now and then.

        Raises:
            ModelError: If they do not fit the context, or the worker died.
            Cancelled: After `cancel`.
        """
        return Usage(**self._call("prefix", on_tokens, segments=_plain(segments)))

    def answer(self, suffix: Sequence[Segment], lead: str, answers: Sequence[str]) -> Answer:
        """The model's distribution over single-token answers after prefix, suffix and lead.

        Raises:
            ModelError: If an answer is no single token, it does not fit, or the worker died.
            Cancelled: After `cancel`.
        """
        raw = self._call("answer", segments=_plain(suffix), lead=lead, answers=list(answers))
        return Answer(raw["probabilities"], raw["mass"], Usage(**raw["usage"]))

    def answer_all(
        self, stem: Sequence[Segment], twigs: Sequence[Sequence[Segment]], lead: str, answers: Sequence[str]
    ) -> tuple[list[Answer], Usage]:
        """The same for several questions that begin alike; what they have in common is evaluated once.

        Returns:
            An answer a twig, each with the usage of its own words, and the usage of the stem.
        """
        plain = [_plain(twig) for twig in twigs]
        raw = self._call("answer_all", stem=_plain(stem), twigs=plain, lead=lead, answers=list(answers))
        found = [Answer(one["probabilities"], one["mass"], Usage(**one["usage"])) for one in raw["answers"]]
        return found, Usage(**raw["stem"])

    def write(
        self,
        suffixes: Mapping[str, Sequence[Segment]],
        most: int,
        stops: Sequence[str] = (),
        on_tokens: OnTokens | None = None,
    ) -> tuple[dict[str, str], Usage]:
        """Continues several branches side by side, greedily.

        Returns:
            Name -> text, and tokens and seconds of all together.
        """
        plain = {name: _plain(segments) for name, segments in suffixes.items()}
        raw = self._call("write", on_tokens, suffixes=plain, most=most, stops=list(stops))
        return {str(k): str(v) for k, v in raw["texts"].items()}, Usage(**raw["usage"])

    def compose(
        self,
        segments: Sequence[Segment],
        how: Sampling,
        on_text: OnText | None = None,
        *,
        stem: Sequence[Segment] = (),
        anew: bool = False,
    ) -> tuple[str, Usage]:
        """Writes one text behind a prompt of its own; `read_prefix` knows nothing of it, nor it of any prefix.

        The cache keeps prompt and text: a prompt that goes on where this one ended costs only what is new in it.

        Args:
            segments: The prompt, or what follows its stem; at least one that is not empty.
            how: Most tokens, stops, temperature and seed.
            on_text: Told (tokens written, most tokens, new text) after each token.
            stem: The beginning that several texts share; it stays in the cache when a text is begun anew.
            anew: Keep nothing but the stem: what is written then depends on the arguments alone.

        Returns:
            The text up to the first stop, white space kept, and tokens and seconds.

        Raises:
            ModelError: If prompt and text do not fit the context together, or the worker died.
            Cancelled: After `cancel`.
        """
        sampling = asdict(how)
        raw = self._call("compose", on_text, stem=_plain(stem), segments=_plain(segments), anew=anew, **sampling)
        return str(raw["text"]), Usage(**raw["usage"])

    def _call(self, op: str, on_tokens: Callable[..., None] | None = None, **fields: Any) -> Any:
        with self._lock:
            self._ids += 1
            try:
                self._process.say({"op": op, "id": self._ids, **fields})
            except (OSError, ValueError) as error:
                raise self._process.death() from error
            try:
                return self._await_reply(self._ids, on_tokens)
            except NbalignError:
                raise
            except BaseException:  # ctrl-c, or an error of `on_tokens`: nobody waits for the answer any more
                self.cancel()
                raise

    def _await_reply(self, wanted: int, on_tokens: Callable[..., None] | None) -> Any:
        while (message := self._process.hear()) is not None:
            if message.get("id") != wanted:
                continue  # the late reply of a call that was interrupted by ctrl-c
            if "progress" in message:
                if on_tokens:
                    on_tokens(*message["progress"])
            elif "error" in message:
                raise _error(message["error"])
            else:
                return message["result"]
        raise self._process.death()


def _plain(segments: Sequence[Segment]) -> list[list[Any]]:
    return [[segment.text, segment.trusted] for segment in segments]


def _error(error: Message) -> Exception:
    if error["kind"] == "cancelled":
        return Cancelled("stopped; everything finished until now is kept")
    if error["kind"] == "bug":
        return ModelError(f"the engine's worker failed: {error['message']}", "Please report this with the notebook.")
    return ModelError(error["message"], error["hint"])
