"""Train one seed under torchrun, and print per process what it came to."""

import json
import os
import sys
from pathlib import Path

from sikap_training.finetune import TrainSettings, train_seed
from sikap_training.split import split
from sikap_training.statements import load_statements

data, encoder, folder = map(Path, sys.argv[1:])
settings = TrainSettings(epochs=2, batch_size=8, max_length=48)
result = train_seed(split(load_statements([data])), encoder, settings, 0, folder, resume=False, quiet=True)
line = {"rank": os.environ["RANK"], "world": os.environ["WORLD_SIZE"], "logits": result.logits["validation"].tolist()}
os.write(1, (json.dumps(line) + "\n").encode())  # one write, so that lines of two processes stay whole
