"""Hold what a pretraining run is told."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PretrainSettings:
    """Say how an encoder is pretrained. The defaults suit two cores and an hour.

    Exactly one of `hours` and `tokens` sets the length of the run and of the learning-rate
    schedule: a linear rise over `warmup` of it and a linear fall to zero over the rest.
    """

    hours: float | None = None
    tokens: int | None = None
    vocabulary_size: int = 16_000
    layers: int = 4
    width: int = 256
    heads: int = 4
    positions: int = 256
    batch_tokens: int = 8192
    learning_rate: float = 1e-3
    """Peak learning rate of AdamW: embeddings, biases, output layer."""
    hidden_learning_rate: float = 2e-3
    """Peak learning rate of Muon: the matrices inside the layers."""
    warmup: float = 0.04
    weight_decay: float = 0.01
    mask_rate: float = 0.2
    whole_words: bool = True
    lengths: tuple[tuple[float, int], ...] = ((1.0, 128),)
    """Sequence length until each share of the run. Long stages of short sequences leave later positions untrained."""
    vector_epochs: int = 3
    """Epochs of word vectors that start the embedding matrix; 0 starts from noise."""
    vocabulary_sample: int = 3_000_000
    """Characters of each source file that the vocabulary is trained on, so that none swamps the rest."""
    shares: dict[str, float] = field(default_factory=dict)
    """File-name pattern -> how often to take its documents, 0.1 for a tenth of them; the first that matches counts."""
    evaluate_every: float = 0.05
    """Share of the run between two held-out losses."""
    checkpoint_minutes: float = 5.0
    compile: bool = False
    """Compile the encoder with torch.compile: a tenth faster on two cores, needs a C++ compiler."""
    shard_megabytes: int = 1000
    """Weights are written in files of at most this size."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that contradict each other."""
        if (self.hours is None) == (self.tokens is None):
            raise ValueError("give either hours or tokens, not both and not neither")
        if (self.hours or self.tokens or 0) <= 0:
            raise ValueError("hours or tokens must be positive")

    def length_at(self, progress: float) -> int:
        """Return the sequence length at a share of the run."""
        return next((length for until, length in self.lengths if progress < until), self.lengths[-1][1])

    def schedule_at(self, progress: float) -> float:
        """Return the share of the peak learning rates at a share of the run."""
        if progress < self.warmup:
            return progress / self.warmup
        return max(0.0, (1.0 - progress) / (1.0 - self.warmup))
