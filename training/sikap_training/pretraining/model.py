"""Make the masked language model that a pretraining starts from: new, or a checkpoint to continue."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForMaskedLM, BertConfig, BertForMaskedLM, PreTrainedModel

from sikap.errors import InputError
from sikap_training.encoders import load_encoder, load_tokenizer, quiet_transformers
from sikap_training.pretraining.settings import PretrainSettings
from sikap_training.pretraining.vectors import word_vectors
from sikap_training.pretraining.vocabulary import SPECIAL_TOKENS

logger = logging.getLogger(__name__)


def new_model(tokenizer: Tokenizer, tokens_file: Path, settings: PretrainSettings) -> PreTrainedModel:
    """Return a new BERT, its embedding matrix started from word vectors of the packed tokens when asked."""
    torch.manual_seed(settings.seed)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=settings.width,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        intermediate_size=4 * settings.width,
        max_position_embeddings=settings.positions,
        type_vocab_size=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=tokenizer.token_to_id("[PAD]"),
    )
    config.trained_positions = 0
    model = BertForMaskedLM(config)
    if settings.vector_epochs:
        vectors = word_vectors(
            tokens_file, config.vocab_size, config.hidden_size, epochs=settings.vector_epochs, seed=settings.seed
        )
        with torch.no_grad():
            model.get_input_embeddings().get_parameter("weight").copy_(vectors)
        logger.info("started the embedding matrix from word vectors")
    return model


def same_shape(folder: Path) -> PreTrainedModel:
    """Return a model of the shape that config.json in `folder` gives, to restore a checkpoint into."""
    model: PreTrainedModel = AutoModelForMaskedLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
    return model


def continued_model(folder: Path) -> PreTrainedModel:
    """Return a BERT or ALBERT checkpoint with its output layer, new where the checkpoint has none.

    Raises InputError for weights that do not load.
    """
    load_encoder(folder)  # refuses, in one sentence, what is damaged or incomplete
    with quiet_transformers():
        model: PreTrainedModel = AutoModelForMaskedLM.from_pretrained(
            folder, dtype="float32", weights_only=True, trust_remote_code=False
        )
    return model


def vocabulary_of(folder: Path) -> Tokenizer:
    """Return the tokenizer of an encoder's folder. Raises InputError when it is not one of BERT's kind."""
    loaded: Any = load_tokenizer(folder)
    tokenizer = Tokenizer.from_str(loaded.backend_tokenizer.to_str())
    missing = [token for token in SPECIAL_TOKENS if tokenizer.token_to_id(token) is None]
    if missing:
        raise InputError(
            f"{folder}: its vocabulary lacks {missing[0]}; pretraining goes on from models with BERT's vocabulary,"
            " which has " + ", ".join(SPECIAL_TOKENS) + "."
        )
    return tokenizer


def output_layer(model: PreTrainedModel) -> torch.nn.Module:
    """Return the layers that turn hidden vectors into logits over the vocabulary."""
    return model.get_submodule("cls" if hasattr(model, "cls") else "predictions")
