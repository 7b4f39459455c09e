"""The commands of the training package, reached as `sikap train` and so on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from sikap.characters import visible
from sikap.errors import InputError, OutputError
from sikap_training import registry_commands
from sikap_training.agreement_command import agreement
from sikap_training.console import log_to_terminal, open_console
from sikap_training.drift.command import drift
from sikap_training.join_command import join_texts
from sikap_training.options import BaseModel, Data, PrecisionName, Quiet, RequireBehaviour
from sikap_training.pretrain_command import pretrain

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def train(
    data: Data = None,
    base_model: BaseModel = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for bundle, checkpoint and seeds.")] = Path(
        "runs/train"
    ),
    evaluate_on: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A file to measure on and not to train on; may be repeated."),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=BUNDLE", help="Another bundle to measure beside this one; may be repeated."),
    ] = None,
    seeds: Annotated[
        int,
        typer.Option(min=1, help="How many seeds to train; the best, or the mean of their weights, is exported."),
    ] = 1,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 0,
    epochs: Annotated[float, typer.Option(help="Epochs at most; training stops early.")] = 12.0,
    learning_rate: Annotated[
        float | None, typer.Option(help="Peak learning rate; 3e-4 up to a width of 384 and 3e-5 above if not given.")
    ] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Statements in one step, on each device.")] = 32,
    adversarial: Annotated[
        float,
        typer.Option(help="Length of the adversarial step in the word embeddings; doubles the time."),
    ] = 0.0,
    mix_with: Annotated[
        Path | None,
        typer.Option(
            metavar="CHECKPOINT", help="A training's `checkpoint` that takes part in the mean of the weights."
        ),
    ] = None,
    mix_share: Annotated[float, typer.Option(help="Its share, between 0 and 1.")] = 0.2,
    max_length: Annotated[int, typer.Option(min=8, help="Tokens read at once.")] = 192,
    patience: Annotated[int, typer.Option(min=1, help="Epochs without a better validation score before stopping.")] = 4,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a killed run in the same output folder.")
    ] = False,
    require_behaviour: RequireBehaviour = False,
    precision: PrecisionName = "fp32",
    quiet: Quiet = False,
) -> None:
    """Fine-tune a model on labelled statements and export it as a bundle.

    Example:  sikap train --data statements.jsonl --seeds 3 --output runs/mine
    """
    log_to_terminal(quiet)
    from sikap_training.averaging import Mix
    from sikap_training.precision import Precision
    from sikap_training.run import finetune
    from sikap_training.tuning import TrainSettings

    settings = TrainSettings(
        epochs=epochs,
        learning_rate=learning_rate,
        batch_size=batch_size,
        adversarial=adversarial,
        max_length=max_length,
        patience=patience,
        seeds=seeds,
        first_seed=seed,
    )
    try:
        result = finetune(
            data,
            base_model=base_model,
            output=output,
            evaluate_on=evaluate_on or (),
            compare=_compared(compare or []),
            settings=settings,
            resume=resume,
            quiet=quiet or not sys.stderr.isatty(),
            require_behaviour=require_behaviour,
            precision=Precision.named(precision),
            mix=Mix(mix_with, mix_share) if mix_with else None,
        )
    except KeyboardInterrupt:
        raise InputError(f"interrupted; run the same command with --resume to go on in {output}.") from None
    if result is not None:
        for name, evaluation in result.evaluations.items():
            _print_figures(name, evaluation.figures)
        typer.echo(f"bundle: {result.bundle}")


@app.command()
def evaluate(
    data: Data = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="BUNDLE", help="A bundle's folder or MLflow address; the built-in one if not given."),
    ] = None,
    baseline_data: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Train the baselines on the training part of these files; may be repeated."),
    ] = None,
    test_part: Annotated[bool, typer.Option("--test-part", help="Measure on the files' test part alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    plots: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the plots to this folder.")] = None,
) -> None:
    """Measure a bundle on labelled statements, beside the baselines.

    Example:  sikap evaluate --data labelled.jsonl --baseline-data train.jsonl
    """
    import sikap
    from sikap_training.baselines import Baseline, KeywordBaseline, TfidfBaseline
    from sikap_training.evaluation import evaluate, save_figures
    from sikap_training.split import part_of, split
    from sikap_training.statements import load_statements, own_or

    files = own_or(data)
    statements = load_statements(files)
    if test_part:
        statements = [statement for statement in statements if part_of(statement.group) == "test"]
        if not statements:
            raise InputError("none of these statements belongs to the test part; leave out --test-part.")
    baselines: list[Baseline] = [KeywordBaseline()]
    if baseline_data:
        baselines.insert(0, TfidfBaseline(split(load_statements(baseline_data)).train))
    evaluation = evaluate(sikap.load(model), statements, baselines)
    if plots is not None:
        try:
            plots.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{plots}: cannot be made a folder ({error.strerror or error}).") from error
        save_figures(evaluation, plots, "evaluation")
    if as_json:
        typer.echo(json.dumps(evaluation.figures, indent=1))
    else:
        _print_figures(", ".join(str(file) for file in files), evaluation.figures)


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Argument(help="The folder `checkpoint` of a training's output.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write the bundle to.")],
    precision: PrecisionName = "fp32",
    data: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="What int8 is fitted to and tried on: the statements it was trained on; may be repeated."
            " The project's own if not given.",
        ),
    ] = None,
    require_behaviour: RequireBehaviour = False,
) -> None:
    """Export a trained checkpoint as a bundle.

    With --precision int8, texts of the data's train part fit the int8 steps, and a bundle that
    changes more than 0.5 % of the test part's labels against fp32 is not written.

    Example:  sikap export runs/train/checkpoint --precision int8 --output bundle
    """
    from sikap_training.behaviour import accepted, beside_shipped
    from sikap_training.checkpoint import load_checkpoint
    from sikap_training.export import export_bundle
    from sikap_training.precision import Precision, Texts
    from sikap_training.split import split
    from sikap_training.statements import load_statements, own_or

    wanted = Precision.named(precision)
    int8 = Texts.of(split(load_statements(own_or(data)))) if wanted is Precision.INT8 else None
    advice = "repeat the command without --require-behaviour to write it all the same"
    manifest = export_bundle(
        load_checkpoint(checkpoint),
        output,
        accept=lambda model: accepted(beside_shipped(model), required=require_behaviour, advice=advice),
        int8=int8,
    )
    flips = f"; int8 changes {100 * manifest['int8']['flips']:.2f} % of labels" if int8 else ""
    typer.echo(
        f"bundle: {output} (largest logit difference to torch {manifest['largest_logit_difference']:.1e}{flips})"
    )


@app.command()
def behaviour(
    model: Annotated[
        str | None,
        typer.Option(metavar="BUNDLE", help="A bundle's folder or MLflow address; the built-in one if not given."),
    ] = None,
    failures: Annotated[bool, typer.Option("--failures", help="List the cases that fail, and why.")] = False,
) -> None:
    """Run the behaviour suite on a bundle: pass rates by capability.

    Example:  sikap behaviour --model runs/train/bundle --failures
    """
    import sikap
    from sikap_training.behaviour import load_cases, run_suite

    result = run_suite(sikap.load(model), load_cases())
    table = Table()
    table.add_column("capability")
    for column in ("passed", "cases", "%"):
        table.add_column(column, justify="right")
    for name, (passed, cases) in result.capabilities.items():
        table.add_row(name, str(passed), str(cases), f"{100 * passed / cases:.1f}")
    table.add_section()
    table.add_row("all", str(result.passed), str(result.cases), f"{100 * result.rate:.1f}")
    open_console().print(table)
    for failure in result.failures if failures else ():
        case = failure.case
        typer.echo(f"{case.id} {case.capability}: {case.texts[0]}\n     {failure.reason}")


def _compared(given: list[str]) -> dict[str, str]:
    named = {}
    for text in given:
        name, sign, bundle = text.partition("=")
        if not sign or not name.strip() or not bundle:
            raise InputError(f"--compare {text}: must be a name, =, and a bundle's folder.")
        named[name.strip()] = bundle
    return named


@app.command("check-data")
def check_data(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Labelled statements; the project's own if not given.")
    ] = None,
) -> None:
    """Check labelled statements: schema, duplicates, leaks between parts, label counts.

    Example:  sikap check-data statements.jsonl
    """
    from sikap_training.check_data import check_statements
    from sikap_training.statements import load_statements, own_or

    statements = load_statements(own_or(files))
    report = check_statements(statements)
    console = open_console()
    console.print(f"{len(statements)} statements in {len({s.group for s in statements})} groups")
    console.print("words: fewest {}, median {}, most {}".format(*report.words))
    for name, counts in report.counts.items():
        listed = ", ".join(f"{label} {count}" for label, count in counts.most_common())
        if listed:
            console.print(f"{name}: {listed}", highlight=False, markup=False)
    for problem in report.problems:
        typer.echo(f"problem: {visible(problem)}", err=True)
    if report.problems:
        number = len(report.problems)
        raise InputError(f"{number} problem{'s' if number > 1 else ''}; mend the statements listed above.")
    console.print("no problems")


app.command("agreement")(agreement)
app.command("drift")(drift)
app.command("join-texts")(join_texts)
app.command("pretrain")(pretrain)
app.command("runs")(registry_commands.runs)
app.command("promote")(registry_commands.promote)


def _print_figures(name: str, figures: dict[str, Any]) -> None:
    table = Table(title=f"{name}: {figures['statements']} statements", title_justify="left")
    for column in ("", "stance macro-F1", "sentiment macro-F1", "all labels right"):
        table.add_column(column)
    rows = {"model": figures["model"], **figures["baselines"]}
    for label, values in rows.items():
        cells = [values[key] for key in ("stance_macro_f1", "sentiment_macro_f1", "exact_match")]
        table.add_row(
            label, *(f"{100 * c['value']:.1f} ({100 * c['low']:.1f} to {100 * c['high']:.1f})" for c in cells)
        )
    open_console().print(table)
