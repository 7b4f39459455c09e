"""Take labelled statements to a bundle: split, fine-tune, calibrate, evaluate, log, export."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import mlflow
from tokenizers import Tokenizer
from transformers import AutoConfig

import sikap
from sikap.bundle import MANIFEST
from sikap.errors import OutputError
from sikap.labels import SENTIMENTS, STANCES
from sikap_training import behaviour, tracking
from sikap_training.averaging import Mix, choose_network, weights_of
from sikap_training.baselines import Baseline, BundleBaseline, KeywordBaseline, TfidfBaseline
from sikap_training.calibration import fit_decision
from sikap_training.checkpoint import Checkpoint, save_checkpoint
from sikap_training.encoders import encoder_folder, load_tokenizer
from sikap_training.evaluation import Evaluation, evaluate, save_figures, short, worst_errors
from sikap_training.export import export_bundle
from sikap_training.logged_model import log_bundle
from sikap_training.network import StanceNetwork
from sikap_training.plots import training_curve
from sikap_training.precision import Precision, Texts
from sikap_training.registry import register_bundle
from sikap_training.run_page import run_page
from sikap_training.seed_result import SeedResult
from sikap_training.seeds import measured_on, spread
from sikap_training.split import Split, split
from sikap_training.statements import LabelledStatement, digest, labels_of, load_statements, own_or
from sikap_training.tuning import (
    TrainSettings,
    max_length_of,
    suitable_learning_rate,
    train_seed,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainResult:
    """Hold what a training came to."""

    bundle: Path
    checkpoint: Path
    run_id: str
    seeds: list[SeedResult]
    split: Split
    evaluations: dict[str, Evaluation]
    """The exported bundle's evaluations: the test part, then each extra file."""


def finetune(
    data: Sequence[str | os.PathLike[str]] | None = None,
    *,
    base_model: str | None = None,
    output: str | os.PathLike[str] = "runs/train",
    evaluate_on: Sequence[str | os.PathLike[str]] = (),
    compare: Mapping[str, str | os.PathLike[str]] | None = None,
    settings: TrainSettings | None = None,
    resume: bool = False,
    quiet: bool = False,
    require_behaviour: bool = False,
    precision: Precision = Precision.FP32,
    mix: Mix | None = None,
) -> TrainResult | None:
    """Fine-tune an encoder on labelled statements and export the best seed, or the mean of all, as a bundle.

    `data` are JSONL, CSV, TSV or Parquet files, the project's statements if None; `base_model`
    a hub name, a folder, or None for the project's compact encoder; `evaluate_on` further files
    that are only measured on; `compare` maps names to bundles that are measured beside this one.
    `output` receives `bundle/`, `checkpoint/` and a folder for each
    seed, and with `resume` a killed run goes on from there. The bundle computes in `precision`, and
    so does what is measured; int8 is fitted to texts of the train part. `mix` takes a
    checkpoint into the mean of the weights. Everything is logged to MLflow.
    Returns None on every process of a torchrun but the first. Raises InputError for data or a
    model that cannot be used, and, with `require_behaviour`, BehaviourError at the end for a bundle that
    passes less of the behaviour suite than the built-in one; `resume` without it writes the bundle
    and trains nothing anew.
    """
    settings = settings or TrainSettings()
    output = Path(output)
    statements = load_statements(own_or([Path(file) for file in data] if data else None))
    extra = _named(evaluate_on)
    others = [BundleBaseline(name, sikap.load(bundle)) for name, bundle in (compare or {}).items()]
    parts = split(statements)
    encoder = encoder_folder(base_model)
    load_tokenizer(encoder)  # an encoder that cannot be used is said before a run is opened
    if mix is not None:
        weights_of(mix, encoder)  # so is a checkpoint
    if settings.learning_rate is None:
        settings = replace(settings, learning_rate=suitable_learning_rate(AutoConfig.from_pretrained(encoder)))
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{output}: cannot be made a folder ({error.strerror or error}).") from error
    if int(os.environ.get("RANK", "0")) != 0:
        _train_seeds(parts, encoder, settings, output, resume=resume, quiet=True)
        return None
    tracking.connect()
    parameters = {
        "base_model": base_model or "sikap compact encoder",
        **asdict(settings),
        **({"mix_with": mix.checkpoint, "mix_share": mix.share} if mix else {}),
        "statements": len(statements),
    }
    advice = f"what was trained is kept in {output}, and the same command with --resume goes on"
    tags = {tracking.OUTPUT: str(output.resolve()), **_identity(statements, parts)}
    with tracking.plain(advice), tracking.run("train", parameters, tags=tags) as opened:
        tracking.close_killed()
        for name, part in parts.parts.items():
            tracking.log_data(part, f"statements-{name}", name)
        sizes = ", ".join(f"{name} {len(part)}" for name, part in parts.parts.items())
        logger.info("statements: %s; run %s", sizes, opened.info.run_id)
        seeds = _train_seeds(parts, encoder, settings, output, resume=resume, quiet=quiet, track=True)
        network, best, chosen = choose_network(seeds, parts, encoder, settings, mix)
        logger.info("exported: %s, validation part: %s", chosen, _shown(best.figures["validation"]))
        checkpoint = _calibrated(network, best, parts, encoder, settings)
        record = {
            "settings": asdict(settings),
            **_record(opened.info.run_id, base_model, checkpoint, statements, parts, seeds),
        }
        spreads = {name: spread(measured_on(part, seeds, encoder, settings)) for name, part in extra.items()}
        record["seeds"] |= {"exported": chosen, "extra": spreads}
        _save(checkpoint, record, output)
        baselines: list[Baseline] = [*others, TfidfBaseline(parts.train), KeywordBaseline()]
        logger.info("trained the baselines")
        measured: dict[str, Evaluation] = {}

        def measure(model: sikap.Model) -> dict[str, Any]:
            for name, part in {"test part": parts.test, **extra}.items():
                measured[name] = evaluate(model, part, baselines)
            record["metrics"] = {name: evaluation.figures for name, evaluation in measured.items()}
            _save(checkpoint, record, output)
            _log(parts, extra, measured, record)
            return {"metrics": record["metrics"], **_behaviour(model, output, require_behaviour)}

        bundle = output / "bundle"
        int8 = Texts.of(parts) if precision is Precision.INT8 else None
        export_bundle(replace(checkpoint, record=record), bundle, accept=measure, int8=int8)
        _log_page(bundle, {"test part": parts.test, **extra}, measured, seeds)
        register_bundle(log_bundle(bundle), json.loads((bundle / MANIFEST).read_text(encoding="utf-8")), tags)
    return TrainResult(bundle, output / "checkpoint", opened.info.run_id, seeds, parts, measured)


def _identity(statements: list[LabelledStatement], parts: Split) -> dict[str, str]:
    return {"data_digest": digest(statements), "test_digest": digest(parts.test)}


def _named(files: Sequence[str | os.PathLike[str]]) -> dict[str, list[LabelledStatement]]:
    """Read the files that are only measured on, by name, and by path where names repeat."""
    names = Counter(Path(file).name for file in files)
    return {
        Path(file).name if names[Path(file).name] == 1 else str(file): load_statements([Path(file)]) for file in files
    }


def _train_seeds(
    parts: Split,
    encoder: Path,
    settings: TrainSettings,
    output: Path,
    *,
    resume: bool,
    quiet: bool,
    track: bool = False,
) -> list[SeedResult]:
    results = []
    for seed in range(settings.first_seed, settings.first_seed + settings.seeds):
        folder = output / f"seed-{seed}"
        if not track:
            results.append(train_seed(parts, encoder, settings, seed, folder, resume=resume, quiet=quiet))
            continue

        def on_epoch(epoch: int, numbers: dict[str, float]) -> None:
            mlflow.log_metrics(numbers, step=epoch)

        with tracking.run(f"seed-{seed}", {"seed": seed}, nested=True):
            result = train_seed(parts, encoder, settings, seed, folder, resume=resume, quiet=quiet, on_epoch=on_epoch)
            mlflow.log_metrics(tracking.flat(result.figures))
            mlflow.log_figure(training_curve(result.history), "training_curve.png")
        for part, figures in result.figures.items():
            logger.info("seed %d, %s part: %s", seed, part, _shown(figures))
        results.append(result)
    return results


def _shown(figures: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {100 * value:.1f}" for name, value in figures.items())


def _calibrated(
    network: StanceNetwork, best: SeedResult, parts: Split, encoder: Path, settings: TrainSettings
) -> Checkpoint:
    logits = best.logits["validation"]
    decision = fit_decision(logits[:, :3], logits[:, 3:], labels_of(parts.validation))
    tokenizer: Tokenizer = load_tokenizer(encoder).backend_tokenizer
    length = max_length_of(network.encoder.config, settings.max_length)
    return Checkpoint(network, tokenizer, length, decision, {})


def _record(
    run_id: str,
    base_model: str | None,
    checkpoint: Checkpoint,
    statements: list[LabelledStatement],
    parts: Split,
    seeds: list[SeedResult],
) -> dict[str, Any]:
    sources = dict.fromkeys(statement.source for statement in statements)
    counts = [
        {"name": source, **{name: sum(s.source == source for s in part) for name, part in parts.parts.items()}}
        for source in sources
    ]
    return {
        "run_id": run_id,
        "encoder": {
            "name": base_model or "sikap compact encoder",
            "parameters": sum(p.numel() for p in checkpoint.network.encoder.parameters()),
        },
        "data_digest": digest(statements),
        "data": counts,
        "label_counts": _label_counts(parts),
        "seeds": {"count": len(seeds), "test": spread([seed.figures["test"] for seed in seeds])},
    }


def _label_counts(parts: Split) -> dict[str, dict[str, int]]:
    """Return how many statements of each part have each label; a statement without a stance counts as `none`."""
    named = {
        name: Counter([*(label for s in part for label in (*(s.stance or ("none",)), s.sentiment))])
        for name, part in parts.parts.items()
    }
    return {label: {name: counts[label] for name, counts in named.items()} for label in (*STANCES, "none", *SENTIMENTS)}


def _save(checkpoint: Checkpoint, record: dict[str, Any], output: Path) -> None:
    save_checkpoint(replace(checkpoint, record=record), output / "checkpoint")


def _behaviour(model: sikap.Model, output: Path, required: bool) -> dict[str, Any]:
    """Run the behaviour suite and return what goes into the manifest. Raises BehaviourError when that is too little."""
    entry = behaviour.beside_shipped(model)
    mlflow.log_metrics(tracking.flat({"behaviour": entry}))
    beside = entry["passed"], entry["cases"], entry["shipped"]["passed"]
    logger.info("behaviour suite: %d of %d cases passed, by the built-in bundle %d", *beside)
    advice = (
        f"the training is kept in {output}, and the same command with --resume and without --require-behaviour"
        " exports it without training anew"
    )
    return behaviour.accepted(entry, required=required, advice=advice)


def _log_page(
    bundle: Path,
    statements: Mapping[str, Sequence[LabelledStatement]],
    evaluations: Mapping[str, Evaluation],
    seeds: Sequence[SeedResult],
) -> None:
    histories = {f"seed {result.seed}": result.history for result in seeds}
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    mlflow.log_text(run_page(manifest, evaluations, statements, histories), "run.html")


def _log(
    parts: Split,
    extra: dict[str, list[LabelledStatement]],
    evaluations: dict[str, Evaluation],
    record: dict[str, Any],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, statements in {"test part": parts.test, **extra}.items():
            evaluation, slug = evaluations[part], re.sub(r"\W+", "_", part)
            mlflow.log_metrics(tracking.flat({slug: evaluation.figures}))
            for path in save_figures(evaluation, folder, slug):
                mlflow.log_artifact(str(path), "plots")
            rows = worst_errors(statements, evaluation)
            columns = {key: [row[key] for row in rows] for key in rows[0]} if rows else {"id": []}
            mlflow.log_table(columns, f"worst_errors_{slug}.json")
            logger.info("%s, model: %s", part, _shown(short(evaluation.figures["model"])))
            for baseline, figures in evaluation.figures["baselines"].items():
                logger.info("%s, %s: %s", part, baseline, _shown(short(figures)))
    mlflow.log_text(json.dumps(record, indent=1, ensure_ascii=False), "record.json")
