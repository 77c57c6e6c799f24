"""What passes between a caller and the engine's worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How a model is loaded. Everything here can change the last bits of a result, so it is part of a judgement's key.

    Attributes:
        context: Tokens that fit at once, prefix and one branch together; cut down to what the model was trained for.
        threads: CPU threads; the caller follows the cgroup's quota (`nbalign.llm.machine.threads`).
        batch: Tokens evaluated in one step, 32 to 2048.
        gpu_layers: Layers on the GPU; -1 means all where the build has a GPU and none elsewhere.
        flash_attention: Faster here (45 against 37 tokens/s on two cores).
    """

    context: int = 4096
    threads: int = 2
    batch: int = 512
    gpu_layers: int = -1
    flash_attention: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a prompt.

    Attributes:
        text: The text.
        trusted: True for our own words, where the model's control tokens (`<|im_end|>`) mean what they say; False
            for anything out of a notebook, a label or a file, which is read as plain characters only.
    """

    text: str
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class ChatFrame:
    """The model's own chat template, taken apart around the words of system and user.

    A prompt is `head + system + middle + user + tail + answer`.
    """

    head: str
    middle: str
    tail: str


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What a loaded model is and what runs it.

    Attributes:
        description: Such as `qwen2 1.5B Q4_K - Medium`.
        context: Tokens of context in use.
        context_trained: Tokens the model was trained for.
        frame: Its chat template.
        build: Version of the binding and of the CPU or GPU features compiled in.
        device: `cpu` or `gpu`.
        gpu_layers: Layers on the GPU.
        settings: The settings in force, by name, as they enter a judgement's key.
    """

    description: str
    context: int
    context_trained: int
    frame: ChatFrame
    build: str
    device: str
    gpu_layers: int
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and time of one call.

    Attributes:
        evaluated: Prompt tokens put through the model.
        reused: Prompt tokens taken from the cache in memory or from a prefix parked on disk.
        generated: Tokens written.
        seconds: Wall seconds.
    """

    evaluated: int
    reused: int
    generated: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a text is written.

    Attributes:
        most: Most tokens, 0 or more.
        stops: Texts that end it and are no part of it; white space at its beginning is looked over.
        temperature: 0 takes the most probable token each time; 0.7 is usual.
        seed: Of the draws; the same seed writes the same text with the same build, threads and prompt.
    """

    most: int
    stops: tuple[str, ...] = ()
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The distribution at the answer position of one branch.

    Attributes:
        probabilities: Answer -> probability, normalised over the answers offered.
        mass: Share of the model's whole next-token distribution that fell on these answers, 0..1.
        usage: Tokens and seconds of the branch alone.
    """

    probabilities: Mapping[str, float]
    mass: float
    usage: Usage
