"""The Trainer of every fine-tuning: a steady order of statements, and adversarial steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import torch
from datasets import Dataset
from torch import nn
from torch.utils.data import Sampler
from transformers import Trainer, TrainingArguments
from transformers.trainer_pt_utils import get_length_grouped_indices


class SteadyTrainer(Trainer):
    """A Trainer whose order of statements is the same in every process, and after a resume.

    The Trainer's own sampler draws from the global generator, which dropout moves on differently
    in each process on CPU: from the second epoch on, some statements were seen twice, others never.

    With `adversarial`, every batch is seen a second time with the word embeddings moved by that length along
    their gradient, and both gradients are added (Miyato, Dai and Goodfellow 2017, "Adversarial training methods
    for semi-supervised text classification"; here the whole matrix is moved, not each statement's vectors).
    """

    def __init__(self, *, adversarial: float = 0.0, **given: Any) -> None:
        """Take what a Trainer takes, and the length of the adversarial step."""
        super().__init__(**given)
        self._adversarial = adversarial

    def training_step(self, model: nn.Module, inputs: dict[str, Any], *rest: Any, **named: Any) -> torch.Tensor:
        """Add the gradients of a batch, and with an adversarial step those of the batch with moved embeddings."""
        again = dict(inputs)
        loss = super().training_step(model, inputs, *rest, **named)
        if self._adversarial:
            unwrapped = self.accelerator.unwrap_model(model, keep_fp32_wrapper=False)
            words = unwrapped.encoder.get_input_embeddings().weight
            step = self._adversarial * words.grad / (words.grad.norm() + 1e-12)
            with torch.no_grad():
                words += step
            super().training_step(model, again, *rest, **named)
            with torch.no_grad():
                words -= step
        return loss

    def _get_train_sampler(self, train_dataset: Dataset | None = None) -> _LengthSampler:
        return _LengthSampler((train_dataset or cast(Dataset, self.train_dataset))["input_ids"], self.args)


class _LengthSampler(Sampler[int]):
    """Give statements in batches of like length, in an order that follows from seed and epoch alone."""

    def __init__(self, rows: Iterable[list[int]], arguments: TrainingArguments) -> None:
        self._lengths = [len(ids) for ids in rows]
        self._batch_size, self._seed, self._epoch = arguments.train_batch_size, arguments.seed, 0

    def __len__(self) -> int:
        return len(self._lengths)

    def set_epoch(self, epoch: int) -> None:
        self._epoch = epoch

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self._seed * 100_003 + self._epoch)
        return iter(get_length_grouped_indices(self._lengths, self._batch_size, generator=generator))
