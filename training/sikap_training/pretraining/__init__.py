"""Pretrain a compact Indonesian BERT by masked language modelling."""

from sikap_training.pretraining.run import pretrain, write_packed
from sikap_training.pretraining.settings import PretrainSettings

__all__ = ["PretrainSettings", "pretrain", "write_packed"]
