"""Fine-tune an encoder with the two heads, once for each seed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn
from transformers import (
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    EvalPrediction,
    PrinterCallback,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from sikap.characters import UNSEEN
from sikap.errors import InputError
from sikap.labels import SENTIMENTS, STANCES
from sikap_training.encoders import load_encoder, load_tokenizer
from sikap_training.metrics import Labels, headline
from sikap_training.network import StanceNetwork
from sikap_training.seed_result import BEST, RESULT, SeedResult, read_result, write_result
from sikap_training.split import Split
from sikap_training.statements import LabelledStatement, labels_of, sentiment_vector, stance_matrix
from sikap_training.trainer import SteadyTrainer

Pair = tuple[NDArray[Any], NDArray[Any]]
INPUTS = "inputs.sha256"
MODEL_INPUTS = ("input_ids", "attention_mask")
LABELS = ("stance_labels", "sentiment_labels")


@dataclass(frozen=True)
class TrainSettings:
    """Say how an encoder is fine-tuned. The defaults suit encoders of any size."""

    epochs: float = 12.0
    learning_rate: float | None = None
    """Peak learning rate; None takes the one that suits the encoder's width."""
    batch_size: int = 32
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    adversarial: float = 0.0
    """Length of the adversarial step in the word embeddings; 0 trains without one, in half the time."""
    max_length: int = 192
    patience: int = 4
    """Epochs without a better validation macro-F1 after which a run stops."""
    seeds: int = 1
    first_seed: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that no run can follow."""
        if self.seeds < 1 or self.batch_size < 1 or self.epochs <= 0 or self.max_length < 8:
            raise InputError("seeds, batch size and epochs must be positive and the maximum length at least 8.")
        if not 0.0 <= self.adversarial <= 100.0:
            raise InputError("the adversarial step must be from 0 to 100.")


def labels_from_logits(logits: NDArray[np.float64]) -> Labels:
    """Return the labels that uncalibrated logits of shape (n, 6) mean."""
    return Labels(logits[:, :3] >= 0.0, logits[:, 3:].argmax(axis=1))


def encode(statements: list[LabelledStatement], tokenizer: Any, max_length: int) -> Dataset:
    """Tokenise statements, cleared of unseen signs as inference does, cut at `max_length`, with their labels."""
    encoded = tokenizer([UNSEEN.sub(" ", s.text) for s in statements], truncation=True, max_length=max_length)
    columns = {
        "input_ids": encoded["input_ids"],
        "attention_mask": encoded["attention_mask"],
        "length": [len(ids) for ids in encoded["input_ids"]],
        "stance_labels": stance_matrix(statements).astype(np.float32).tolist(),
        "sentiment_labels": sentiment_vector(statements).tolist(),
    }
    return Dataset.from_dict(columns)


def max_length_of(encoder_config: Any, asked: int) -> int:
    """Return the maximum length in tokens: what was asked for, or what the encoder has positions for."""
    return min(asked, int(encoder_config.max_position_embeddings))


def suitable_learning_rate(encoder_config: Any) -> float:
    """Return the peak learning rate for an encoder: small ones bear, and need, a higher one."""
    return 3e-4 if encoder_config.hidden_size <= 384 else 3e-5


def _compute_metrics(prediction: EvalPrediction) -> dict[str, float]:
    stance, sentiment = cast(Pair, prediction.predictions)
    true_stance, true_sentiment = cast(Pair, prediction.label_ids)
    truth = Labels(np.asarray(true_stance) > 0.5, np.asarray(true_sentiment))
    figures = headline(truth, labels_from_logits(np.concatenate([stance, sentiment], axis=1)))
    return {**figures, "macro_f1": (figures["stance_macro_f1"] + figures["sentiment_macro_f1"]) / 2}


def computes_in_bf16() -> bool:
    """Tell whether this machine multiplies matrices in bfloat16 at more than single precision's rate."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))


def training_arguments(
    folder: Path, settings: TrainSettings, learning_rate: float, seed: int, *, labels: Sequence[str], quiet: bool
) -> TrainingArguments:
    """Return how a Trainer fine-tunes: the epoch of the best `macro_f1` is kept; `labels` name the label columns."""
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=settings.epochs,
        learning_rate=learning_rate,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=64,
        warmup_steps=settings.warmup,
        weight_decay=settings.weight_decay,
        lr_scheduler_type="linear",
        bf16=computes_in_bf16(),
        use_cpu=not torch.cuda.is_available(),
        seed=seed,
        data_seed=seed,
        label_names=list(labels),
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=True,
        metric_for_best_model="macro_f1",
        greater_is_better=True,
        logging_strategy="epoch",
        report_to="none",
        disable_tqdm=quiet,
        dataloader_pin_memory=torch.cuda.is_available(),
        ddp_find_unused_parameters=False,
    )


def train_seed(
    split: Split,
    encoder: Path,
    settings: TrainSettings,
    seed: int,
    folder: Path,
    *,
    resume: bool,
    quiet: bool,
    on_epoch: Callable[[int, dict[str, float]], None] | None = None,
) -> SeedResult:
    """Fine-tune with one seed and return its best epoch's logits on every part.

    With `resume`, a finished seed is read back from `folder`, an unfinished one goes on from
    its last epoch; InputError is raised when `folder` is of other data or settings.
    `on_epoch(epoch, metrics)` is called on the first process.
    """
    inputs = _inputs(split, encoder, settings)
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    elif (folder / INPUTS).is_file() and (folder / INPUTS).read_text(encoding="utf-8") != inputs:
        raise InputError(f"{folder}: holds a run on other data or settings; leave out --resume to start afresh.")
    if resume and (folder / RESULT).is_file():
        return read_result(seed, folder)
    set_seed(seed)
    tokenizer = load_tokenizer(encoder)
    network = StanceNetwork(load_encoder(encoder), settings.dropout)
    length = max_length_of(network.encoder.config, settings.max_length)
    parts = {name: encode(part, tokenizer, length) for name, part in split.parts.items()}
    learning_rate = settings.learning_rate or suitable_learning_rate(network.encoder.config)
    arguments = training_arguments(folder, settings, learning_rate, seed, labels=LABELS, quiet=quiet)
    callbacks: list[TrainerCallback] = [EarlyStoppingCallback(early_stopping_patience=settings.patience)]
    if on_epoch is not None:
        callbacks.append(_EpochLog(on_epoch))
    trainer = SteadyTrainer(
        adversarial=settings.adversarial,
        model=network,
        args=arguments,
        data_collator=DataCollatorWithPadding(tokenizer),
        train_dataset=parts["train"],
        eval_dataset=parts["validation"],
        processing_class=tokenizer,
        compute_metrics=_compute_metrics,
        callbacks=callbacks,
    )
    if quiet:
        trainer.remove_callback(PrinterCallback)
    if trainer.is_world_process_zero():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / INPUTS).write_text(inputs, encoding="utf-8")
    trainer.train(resume_from_checkpoint=_last_checkpoint(folder) if resume else None)
    if trainer.is_world_process_zero():
        best = trainer.accelerator.unwrap_model(trainer.model, keep_fp32_wrapper=False)
        logits = {name: score_dataset(best, parts[name], tokenizer) for name in ("validation", "test")}
        figures = {name: headline(labels_of(split.parts[name]), labels_from_logits(logits[name])) for name in logits}
        history = [
            {name: float(value) for name, value in row.items() if isinstance(value, int | float)}
            for row in trainer.state.log_history
        ]
        write_result(SeedResult(seed, folder, figures, logits, history), network)
    trainer.accelerator.wait_for_everyone()
    return read_result(seed, folder)


def _inputs(split: Split, encoder: Path, settings: TrainSettings) -> str:
    """Return a digest of what a seed's result depends on: statements and their order, encoder, settings."""
    rows = [[name, s.text, s.stance, s.sentiment] for name, part in split.parts.items() for s in part]
    followed = {**asdict(settings), "seeds": None, "first_seed": None}
    text = json.dumps([rows, followed, (encoder / "config.json").read_text(encoding="utf-8")])
    return hashlib.sha256(text.encode()).hexdigest()


@torch.no_grad()
def score_dataset(network: nn.Module, part: Dataset, tokenizer: Any) -> NDArray[np.float64]:
    """Return a network's logits of shape (n, 6) in single precision, in the order of an encoded part.

    Trainer.predict would give them in half precision and in the order of its length groups.
    """
    network.eval()
    device, collate = next(network.parameters()).device, DataCollatorWithPadding(tokenizer)
    order = np.argsort(part["length"], kind="stable")
    result = np.empty((len(part), len(STANCES) + len(SENTIMENTS)))
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        batch = collate([{name: part[int(row)][name] for name in MODEL_INPUTS} for row in rows])
        output = network(**{name: batch[name].to(device) for name in MODEL_INPUTS})
        result[rows] = torch.cat([output["stance_logits"], output["sentiment_logits"]], dim=1).cpu().numpy()
    return result


def _last_checkpoint(folder: Path) -> str | None:
    """Return the last checkpoint that was written to its end: the trainer's state is what is written last."""
    complete = [state.parent for state in folder.glob("checkpoint-*/trainer_state.json")]
    return str(max(complete, key=lambda path: int(path.name.split("-")[1]))) if complete else None


class _EpochLog(TrainerCallback):
    """Hand each epoch's metrics on, from the first process alone."""

    def __init__(self, on_epoch: Callable[[int, dict[str, float]], None]) -> None:
        self._on_epoch = on_epoch

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Pass on the numbers that the trainer logs."""
        if state.is_world_process_zero and logs:
            numbers = {name: float(value) for name, value in logs.items() if isinstance(value, int | float)}
            self._on_epoch(round(state.epoch or 0), numbers)


def load_best(result: SeedResult, encoder: Path, settings: TrainSettings) -> StanceNetwork:
    """Return the network of a seed's best epoch, ready to score."""
    network = StanceNetwork(load_encoder(encoder), settings.dropout)
    network.load_state_dict(load_file(result.folder / BEST))
    return network.eval()
