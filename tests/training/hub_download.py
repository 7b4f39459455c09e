"""Resolve each model name given, and print its folder or its error as JSON lines."""

import json
import sys

from sikap.errors import InputError
from sikap_training.encoders import encoder_folder

for name in sys.argv[1:]:
    try:
        print(json.dumps({"folder": str(encoder_folder(name))}))
    except InputError as error:
        print(json.dumps({"error": str(error)}))
