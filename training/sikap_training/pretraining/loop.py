"""Run masked language modelling: batch, mask, predict, step."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from transformers import PreTrainedModel

from sikap_training.pretraining.checkpoint import Progress, restore, save
from sikap_training.pretraining.masking import IGNORED, Masker
from sikap_training.pretraining.model import output_layer
from sikap_training.pretraining.optimizers import optimizers, set_learning_rates
from sikap_training.pretraining.packing import CHUNK, PackedCorpus
from sikap_training.pretraining.settings import PretrainSettings
from sikap_training.pretraining.throughput import matrix_product_rate, operations_per_token

Log = Callable[[dict[str, float], int], None]
HELD_OUT_CHUNKS = 256
HELD_OUT_LENGTH = 128
"""Tokens of a held-out sequence, fewer where the encoder has fewer positions."""


def masked_loss(
    model: PreTrainedModel, encoder: Callable[..., object], ids: np.ndarray, targets: np.ndarray
) -> torch.Tensor:
    """Return the mean cross-entropy over the chosen tokens; only these go through the output layer."""
    device = model.device
    chosen = torch.from_numpy(np.flatnonzero(targets != IGNORED)).to(device)
    wanted = torch.from_numpy(targets.reshape(-1)[targets.reshape(-1) != IGNORED]).to(device)
    with torch.autocast(device.type, torch.bfloat16):
        hidden = encoder(input_ids=torch.from_numpy(ids).to(device)).last_hidden_state  # type: ignore[attr-defined]
        logits = output_layer(model)(hidden.reshape(-1, hidden.shape[-1])[chosen])
    return cross_entropy(logits.float(), wanted)


@torch.no_grad()
def held_out_loss(model: PreTrainedModel, corpus: PackedCorpus, masker: Masker) -> float:
    """Return the mean loss on fixed held-out chunks under a fixed mask."""
    model.eval()
    rng, losses = np.random.default_rng(0), []
    length = min(HELD_OUT_LENGTH, int(model.config.max_position_embeddings))
    for first in range(0, min(HELD_OUT_CHUNKS, len(corpus) // CHUNK), 16):
        ids, targets = masker(corpus.batch(first, 16, length), rng)
        losses.append(masked_loss(model, model.base_model, ids, targets).item())
    model.train()
    return float(np.mean(losses))


def trained_positions(model: PreTrainedModel) -> int:
    """Return how many position embeddings were trained: all of a foreign checkpoint's, what sikap noted of its own."""
    return int(getattr(model.config, "trained_positions", model.config.max_position_embeddings))


def tile_positions(model: PreTrainedModel, trained: int) -> None:
    """Start the position embeddings past the first `trained` ones as copies of these, in turn.

    What the encoder has learned of distances between positions holds among the copies too;
    from noise, a longer sequence undoes much of what was learned on shorter ones.
    """
    positions = model.base_model.get_parameter("embeddings.position_embeddings.weight")
    with torch.no_grad():
        for start in range(trained, len(positions), trained):
            positions[start : start + trained] = positions[: len(positions[start : start + trained])]


def train(
    model: PreTrainedModel,
    train_corpus: PackedCorpus,
    held_out: PackedCorpus,
    maskers: tuple[Masker, Masker],
    settings: PretrainSettings,
    checkpoint: Path,
    *,
    resume: bool,
    log: Log,
    show: Callable[[float, float], None],
) -> Progress:
    """Train until the time or the tokens are spent; return what was done.

    `maskers` are those of training and of the held-out loss. A batch and its mask depend on the
    seed and the step alone, so a run resumed from a checkpoint sees what the uninterrupted one
    would have seen. `show(progress, tokens_per_second)` is called after every step.
    """
    chosen = optimizers(model, settings)
    done = restore(checkpoint, model, chosen) if resume else Progress()
    encoder = torch.compile(model.base_model) if settings.compile else model.base_model
    chunks = settings.batch_tokens // CHUNK
    operations = operations_per_token(model.config, settings.length_at(1.0), settings.mask_rate)
    possible = matrix_product_rate(model.device)
    started, last_save = time.monotonic() - done.seconds, time.monotonic()
    next_evaluation = done.share(settings)
    recent: list[torch.Tensor] = []
    longest = max(trained_positions(model), settings.length_at(done.share(settings)))
    model.train()
    while (share := done.share(settings)) < 1.0:
        rng = np.random.default_rng([settings.seed, done.step])
        length = settings.length_at(share)
        if length > longest:
            tile_positions(model, longest)
            longest = length
        ids, targets = maskers[0](train_corpus.batch(done.step * chunks, chunks, length), rng)
        set_learning_rates(chosen, settings.schedule_at(share))
        loss = masked_loss(model, encoder, ids, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in chosen:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        recent.append(loss.detach())
        done = Progress(done.step + 1, done.tokens + ids.size, time.monotonic() - started)
        show(done.share(settings), done.tokens / done.seconds)
        if share >= next_evaluation or done.share(settings) >= 1.0:
            rate = done.tokens / done.seconds
            metrics = {"loss": torch.stack(recent).mean().item(), "tokens_per_second": rate}
            metrics |= {"held_out_loss": held_out_loss(model, held_out, maskers[1]), "tokens": float(done.tokens)}
            metrics["share_of_matrix_product_rate"] = rate * operations / possible
            log(metrics, done.step)
            recent, next_evaluation = [], next_evaluation + settings.evaluate_every
        if time.monotonic() - last_save > 60 * settings.checkpoint_minutes:
            save(checkpoint, model, chosen, done)
            last_save = time.monotonic()
    tile_positions(model, longest)
    model.config.trained_positions = longest
    save(checkpoint, model, chosen, done)
    return done
