"""Save and load a fine-tuned network: encoder configuration, weights, tokenizer, decision rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel

from sikap.decision import Decision
from sikap.errors import InputError
from sikap_training.network import StanceNetwork

WEIGHTS = "model.safetensors"
RECORD = "sikap.json"


@dataclass(frozen=True)
class Checkpoint:
    """Hold a fine-tuned network with all that a bundle is made from."""

    network: StanceNetwork
    tokenizer: Tokenizer
    max_length: int
    decision: Decision
    record: dict[str, Any]
    """What the run knows of itself: base model, data digest, run id, metrics."""


def save_checkpoint(checkpoint: Checkpoint, folder: Path) -> None:
    """Write a checkpoint to a folder: config.json, model.safetensors, tokenizer.json, sikap.json."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint.network.encoder.config.save_pretrained(folder)
    save_file(checkpoint.network.state_dict(), folder / WEIGHTS)
    checkpoint.tokenizer.save(str(folder / "tokenizer.json"))
    record = {**checkpoint.record, "max_length": checkpoint.max_length, "decision": checkpoint.decision.to_dict()}
    (folder / RECORD).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load_checkpoint(folder: Path) -> Checkpoint:
    """Read what `save_checkpoint` wrote. Raises InputError when the folder holds something else."""
    if not (folder / RECORD).is_file() or not (folder / WEIGHTS).is_file():
        raise InputError(f"{folder}: not a checkpoint of `sikap train`; pass the folder `checkpoint` of its output.")
    try:
        return _load(folder)
    except Exception as error:  # safetensors, tokenizers and transformers each raise kinds of their own
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise InputError(f"{folder}: the checkpoint is damaged ({reason}); train it again.") from error


def _load(folder: Path) -> Checkpoint:
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    config = AutoConfig.from_pretrained(folder)
    encoder = AutoModel.from_config(config, attn_implementation="eager", add_pooling_layer=False)
    network = StanceNetwork(encoder.to(torch.float32))
    network.load_state_dict(load_file(folder / WEIGHTS))
    decision = Decision.from_dict(record.pop("decision"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return Checkpoint(network.eval(), tokenizer, record.pop("max_length"), decision, record)
