"""Write tiny encoders in the exact layout of the IndoBERT repositories."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import torch
from transformers import AlbertConfig, AlbertForPreTraining, BertConfig, BertForPreTraining

SPECIAL = {
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}
LABELS = {
    "_num_labels": 5,
    "id2label": {str(i): f"LABEL_{i}" for i in range(5)},
    "label2id": {f"LABEL_{i}": i for i in range(5)},
}
BERT = {
    **LABELS,
    "architectures": ["BertModel"],
    "attention_probs_dropout_prob": 0.1,
    "bos_token_id": 0,
    "directionality": "bidi",
    "do_sample": False,
    "eos_token_ids": 0,
    "finetuning_task": None,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 32,
    "initializer_range": 0.02,
    "intermediate_size": 64,
    "is_decoder": False,
    "layer_norm_eps": 1e-12,
    "length_penalty": 1.0,
    "max_length": 20,
    "max_position_embeddings": 64,
    "model_type": "bert",
    "num_attention_heads": 4,
    "num_beams": 1,
    "num_hidden_layers": 2,
    "num_return_sequences": 1,
    "output_attentions": False,
    "output_hidden_states": False,
    "output_past": True,
    "pad_token_id": 0,
    "pooler_fc_size": 768,
    "pooler_num_attention_heads": 12,
    "pooler_num_fc_layers": 3,
    "pooler_size_per_head": 128,
    "pooler_type": "first_token_transform",
    "pruned_heads": {},
    "repetition_penalty": 1.0,
    "temperature": 1.0,
    "top_k": 50,
    "top_p": 1.0,
    "torchscript": False,
    "type_vocab_size": 2,
    "use_bfloat16": False,
}
ALBERT = {
    **LABELS,
    "architectures": ["AlbertModel"],
    "attention_probs_dropout_prob": 0,
    "bos_token_id": 2,
    "classifier_dropout_prob": 0.1,
    "down_scale_factor": 1,
    "embedding_size": 16,
    "eos_token_id": 3,
    "gap_size": 0,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0,
    "hidden_size": 32,
    "initializer_range": 0.02,
    "inner_group_num": 1,
    "intermediate_size": 64,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 64,
    "model_type": "albert",
    "net_structure_type": 0,
    "num_attention_heads": 4,
    "num_hidden_groups": 1,
    "num_hidden_layers": 3,
    "num_memory_blocks": 0,
    "pad_token_id": 0,
    "type_vocab_size": 2,
}


def vocabulary(texts: list[str]) -> list[str]:
    """Return a WordPiece vocabulary: the texts' frequent words, their letters, frequent endings."""
    words = Counter("".join(c if c.isalnum() else " " for c in " ".join(texts).lower()).split())
    letters = sorted(set("".join(words)) | set(".,;:-\"'"))
    endings = ["##an", "##kan", "##nya", "##i", "##lah"]
    whole = [word for word, _ in words.most_common(250) if len(word) > 1]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *whole, *letters, *endings]
    return list(dict.fromkeys([*pieces, *(f"##{letter}" for letter in letters if letter.isalnum())]))


def _write(folder: Path, config: dict[str, object], vocab: list[str], network: torch.nn.Module, zipped: bool) -> None:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    (folder / "vocab.txt").write_text("".join(f"{entry}\n" for entry in vocab), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text("{}", encoding="utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps(SPECIAL), encoding="utf-8")
    torch.save(network.state_dict(), folder / "pytorch_model.bin", _use_new_zipfile_serialization=zipped)


def write_bert(folder: Path, vocab: list[str]) -> Path:
    """Write indobert-base-p1 in small: more rows than entries (50,000 : 30,521), an old-style checkpoint."""
    torch.manual_seed(1)
    config = {**BERT, "vocab_size": len(vocab) * 50_000 // 30_521}
    network = BertForPreTraining(BertConfig(**{key: config[key] for key in config if key not in LABELS}))
    _write(folder, config, vocab, network, zipped=False)
    return folder


def write_albert(folder: Path, vocab: list[str]) -> Path:
    """Write indobert-lite-base-p1 in small: an ALBERT with a BERT vocabulary."""
    torch.manual_seed(2)
    config = {**ALBERT, "vocab_size": len(vocab)}
    network = AlbertForPreTraining(AlbertConfig(**{key: config[key] for key in config if key not in LABELS}))
    _write(folder, config, vocab, network, zipped=True)
    return folder
