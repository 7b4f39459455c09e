"""The network: an encoder, a pooled vector, two linear heads."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import PreTrainedModel

from sikap.labels import SENTIMENTS, STANCES


def mean_over_tokens(hidden: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """Return the mean over the tokens that are not padding, of shape (n, width)."""
    weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(dim=1) / weights.sum(dim=1)


class StanceNetwork(nn.Module):
    """Score token ids for stance (three sigmoids) and sentiment (a softmax over three).

    The pooled vector is the mean of the last layer over the tokens that are not padding.
    """

    def __init__(self, encoder: PreTrainedModel, dropout: float = 0.1) -> None:
        """Put two new heads on an encoder."""
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.stance = nn.Linear(width, len(STANCES))
        self.sentiment = nn.Linear(width, len(SENTIMENTS))
        # The same start for every seed, so that the weights of several can be averaged.
        generator = torch.Generator().manual_seed(0)
        for head in (self.stance, self.sentiment):
            nn.init.normal_(head.weight, std=0.02, generator=generator)
            nn.init.zeros_(head.bias)

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        stance_labels: torch.Tensor | None = None,
        sentiment_labels: torch.Tensor | None = None,
        **_: Any,
    ) -> dict[str, torch.Tensor]:
        """Return `stance_logits` (n, 3) and `sentiment_logits` (n, 3), and `loss` when labels are given.

        The loss is binary cross-entropy, averaged over the stances, plus cross-entropy.
        """
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = self.dropout(mean_over_tokens(hidden, attention_mask))
        output = {"stance_logits": self.stance(pooled), "sentiment_logits": self.sentiment(pooled)}
        if stance_labels is not None and sentiment_labels is not None:
            stance_loss = binary_cross_entropy_with_logits(output["stance_logits"].float(), stance_labels.float())
            sentiment_loss = cross_entropy(output["sentiment_logits"].float(), sentiment_labels)
            output = {"loss": stance_loss + sentiment_loss, **output}
        return output
