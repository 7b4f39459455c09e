"""Say how much of a machine's arithmetic a pretraining uses."""

from __future__ import annotations

import time
from typing import Any

import torch


def operations_per_token(config: Any, length: int, mask_rate: float) -> float:
    """Return floating-point operations per token, forward and backward.

    Two for each multiplication and addition, three times the forward pass in all (Kaplan et al. 2020,
    appendix of Chowdhery et al. 2022): the layers' matrices, attention at this sequence length, and
    the output layer for the tokens that are predicted.
    """
    width = config.hidden_size
    layer = 4 * width**2 + 2 * width * config.intermediate_size + 2 * length * width
    output = width**2 + width * config.vocab_size
    return float(6.0 * (config.num_hidden_layers * layer + mask_rate * output))


def matrix_product_rate(device: torch.device) -> float:
    """Measure operations a second of a plain bfloat16 matrix product, the most that training could reach."""
    size = 8192 if device.type == "cuda" else 512
    left, right = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))
    best = 0.0
    for _ in range(5):
        _wait(device)
        started = time.perf_counter()
        for _ in range(5):
            left @ right
        _wait(device)
        best = max(best, 5 * 2 * size**3 / (time.perf_counter() - started))
    return best


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
