"""Train one seed under torchrun, and print per process what it came to."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

import torch
from transformers import EarlyStoppingCallback

from sikap_training.network import StanceNetwork
from sikap_training.split import split
from sikap_training.statements import load_statements
from sikap_training.tuning import TrainSettings, train_seed

read: list[list[str]] = []
"""What this process trained on, epoch by epoch."""
forward = StanceNetwork.forward


def noted(self: StanceNetwork, input_ids: torch.Tensor, attention_mask: torch.Tensor, **labels: torch.Tensor):
    if self.training:
        for ids, mask in zip(input_ids.tolist(), attention_mask.tolist(), strict=True):
            read[-1].append(" ".join(map(str, ids[: sum(mask)])))
    return forward(self, input_ids, attention_mask, **labels)


class Epochs(EarlyStoppingCallback):
    def on_epoch_begin(self, *_: object, **__: object) -> None:
        read.append([])


StanceNetwork.forward = noted
# By its full name: the package's attribute `finetune` is the function.
import_module("sikap_training.tuning").EarlyStoppingCallback = Epochs
data, encoder, folder = map(Path, sys.argv[1:])
settings = TrainSettings(epochs=3, batch_size=8, max_length=48)
result = train_seed(split(load_statements([data])), encoder, settings, 0, folder, resume=False, quiet=True)
line = {
    "rank": os.environ["RANK"],
    "world": os.environ["WORLD_SIZE"],
    "logits": result.logits["validation"].tolist(),
    "read": read,
}
os.write(1, (json.dumps(line) + "\n").encode())  # one write, so that lines of two processes stay whole
