"""Compare encoders on SmSA and EmoT of IndoNLU, beside TF-IDF and the published results.

Usage: python benchmarks/encoder.py FOLDER [--encoder FOLDER-OR-HUB-NAME ...] [--seeds 5] [--output results.json]

FOLDER holds smsa_train.tsv, emot_train.csv and so on, or is `dataset` of a clone of IndoNLU. Without --encoder,
the project's own encoder is measured.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from indonlu import PUBLISHED, Task, read_task
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from torch import nn
from transformers import DataCollatorWithPadding, PreTrainedModel, PrinterCallback, set_seed

from sikap.errors import InputError
from sikap_training.encoders import encoder_folder, load_encoder, load_tokenizer
from sikap_training.network import mean_over_tokens
from sikap_training.trainer import SteadyTrainer
from sikap_training.tuning import (
    MODEL_INPUTS,
    TrainSettings,
    max_length_of,
    suitable_learning_rate,
    training_arguments,
)

MAX_LENGTH = 128
EPOCHS = {"smsa": 5, "emot": 8}
"""Enough for the validation score to stop rising; EmoT has a third of SmSA's texts."""


class Classifier(nn.Module):
    """Put one softmax on the mean over an encoder's last layer."""

    def __init__(self, encoder: PreTrainedModel, labels: int) -> None:
        """Start a new head of the given number of labels."""
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(encoder.config.hidden_size, labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, labels: torch.Tensor | None = None
    ) -> dict[str, torch.Tensor]:
        """Return `logits` of shape (n, labels), and the cross-entropy as `loss` when labels are given."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        logits = self.head(self.dropout(mean_over_tokens(hidden, attention_mask)))
        output = {"logits": logits}
        return output if labels is None else {"loss": nn.functional.cross_entropy(logits.float(), labels), **output}


def macro_f1(prediction: Any) -> dict[str, float]:
    """Return macro-F1 in points of a hundred, as IndoNLU measures it."""
    return {"macro_f1": 100 * float(f1_score(prediction.label_ids, prediction.predictions.argmax(-1), average="macro"))}


def fine_tuned(task: Task, folder: Path, seed: int, epochs: float, adversarial: float) -> dict[str, float]:
    """Fine-tune an encoder on a task; return validation and test macro-F1 of the epoch that validates best."""
    set_seed(seed)
    tokenizer, encoder = load_tokenizer(folder), load_encoder(folder)
    length = max_length_of(encoder.config, MAX_LENGTH)
    parts = {}
    for name, part in task.parts.items():
        encoded = tokenizer(part.texts, truncation=True, max_length=length)
        columns = {column: encoded[column] for column in MODEL_INPUTS}
        parts[name] = Dataset.from_dict({**columns, "labels": part.labels})
    with tempfile.TemporaryDirectory() as scratch:
        settings = TrainSettings(epochs=epochs, max_length=MAX_LENGTH)
        rate = suitable_learning_rate(encoder.config)
        arguments = training_arguments(Path(scratch), settings, rate, seed, labels=["labels"], quiet=True)
        trainer = SteadyTrainer(
            adversarial=adversarial,
            model=Classifier(encoder, len(task.labels)),
            args=arguments,
            data_collator=DataCollatorWithPadding(tokenizer),
            train_dataset=parts["train"],
            eval_dataset=parts["valid"],
            compute_metrics=macro_f1,
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
        return {name: trainer.evaluate(parts[name])["eval_macro_f1"] for name in ("valid", "test")}


def tfidf(task: Task) -> float:
    """Return the test macro-F1 of TF-IDF (words 1-2, characters 2-5) with logistic regression, C=10."""
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    model = make_pipeline(features, LogisticRegression(C=10, max_iter=2000))
    model.fit(task.parts["train"].texts, task.parts["train"].labels)
    guessed = model.predict(task.parts["test"].texts)
    return 100 * float(f1_score(task.parts["test"].labels, guessed, average="macro"))


def measure(
    tasks: list[Task], encoders: list[str | None], seeds: range, epochs: float | None, adversarial: float
) -> dict[str, Any]:
    """Measure TF-IDF and every encoder on every task; return all figures, one list entry a seed."""
    results: dict[str, Any] = {"TF-IDF + logistic regression": {task.name: {"test": [tfidf(task)]} for task in tasks}}
    for name in encoders:
        folder = encoder_folder(name)
        encoder = load_encoder(folder)
        row: dict[str, Any] = {"parameters": sum(p.numel() for p in encoder.parameters())}
        for task in tasks:
            runs = []
            for seed in seeds:
                runs.append(fine_tuned(task, folder, seed, epochs or EPOCHS[task.name], adversarial))
                figures = ", ".join(f"{part} {value:.2f}" for part, value in runs[-1].items())
                sys.stderr.write(f"{name or 'the project encoder'}, {task.name}, seed {seed}: {figures}\n")
            row[task.name] = {part: [run[part] for run in runs] for part in ("valid", "test")}
        results[name or "the project encoder"] = row
    return results


def show(results: dict[str, Any], tasks: list[Task], console: Console) -> None:
    """Print test macro-F1 as mean and standard deviation over the seeds, the published rows last."""
    table = Table(title="test macro-F1", title_justify="left")
    for column in ("", "parameters", *(task.name for task in tasks)):
        table.add_column(column)
    for name, row in results.items():
        size = f"{row['parameters'] / 1e6:.1f} M" if "parameters" in row else ""
        table.add_row(name, size, *(_spread(row[task.name]["test"]) for task in tasks))
    for name, figures in PUBLISHED.items():
        by_task = dict(zip(("smsa", "emot"), figures, strict=True))
        table.add_row(f"{name} (published)", "", *(f"{by_task[task.name]:.2f}" for task in tasks))
    console.print(table)


def _spread(values: list[float]) -> str:
    mean = f"{np.mean(values):.2f}"
    return mean if len(values) < 2 else f"{mean} ± {np.std(values, ddof=1):.2f}"


def main() -> int:
    """Run the comparison that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoder", action="append", help="a folder or a hub name; may be given several times")
    parser.add_argument("--task", action="append", choices=("smsa", "emot"), help="both if not given")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument(
        "--adversarial", type=float, default=0.0, help="length of the adversarial step in the word embeddings"
    )
    parser.add_argument("--epochs", type=float, help="of every task, in place of the usual ones")
    parser.add_argument("--output", type=Path, help="a JSON file for all figures")
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.seeds)
    try:
        tasks = [read_task(given.folder, name) for name in given.task or ("smsa", "emot")]
        results = measure(tasks, given.encoder or [None], seeds, given.epochs, given.adversarial)
    except InputError as error:
        sys.stderr.write(f"encoder.py: {error}\n")
        return 2
    if given.output:
        given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    show(results, tasks, Console(width=110))
    return 0


if __name__ == "__main__":
    sys.exit(main())
