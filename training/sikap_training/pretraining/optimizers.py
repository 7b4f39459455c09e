"""Choose the optimizer of each weight of a masked language model."""

from __future__ import annotations

import torch
from transformers import PreTrainedModel

from sikap_training.pretraining.settings import PretrainSettings

PEAK = "peak_lr"
"""Key of a parameter group's peak learning rate."""


def optimizers(model: PreTrainedModel, settings: PretrainSettings) -> list[torch.optim.Optimizer]:
    """Return Muon for the matrices inside the layers and AdamW for everything else.

    Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"), its
    steps scaled to AdamW's root mean square as in Liu et al. 2025, "Muon is scalable for LLM training".
    """
    layers = model.base_model.get_submodule("encoder")
    hidden = [p for p in layers.parameters() if p.ndim == 2]
    inside = {id(p) for p in hidden}
    others = [p for p in model.parameters() if p.requires_grad and id(p) not in inside]
    groups = [
        {"params": [p for p in others if p.ndim > 1], "weight_decay": settings.weight_decay},
        {"params": [p for p in others if p.ndim <= 1], "weight_decay": 0.0},
    ]
    chosen = [
        torch.optim.Muon(
            hidden,
            lr=settings.hidden_learning_rate,
            weight_decay=settings.weight_decay,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.98), eps=1e-6, fused=True),
    ]
    for optimizer in chosen:
        for group in optimizer.param_groups:
            group[PEAK] = group["lr"]
    return chosen


def set_learning_rates(chosen: list[torch.optim.Optimizer], share_of_peak: float) -> None:
    """Set every group's learning rate to a share of its peak."""
    for optimizer in chosen:
        for group in optimizer.param_groups:
            group["lr"] = group[PEAK] * share_of_peak
