"""Pretrain a compact Indonesian BERT by masked language modelling."""

from sikap_training.pretraining.run import pretrain
from sikap_training.pretraining.settings import PretrainSettings

__all__ = ["PretrainSettings", "pretrain"]
