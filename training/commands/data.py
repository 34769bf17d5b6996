"""Where labelled faces are, asked alike by every command that reads them."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, help="FER+ folder or zip, FER2013's .csv, or a folder a class in each split"
    )
    parser.add_argument("--votes", type=Path, help="fer2013new.csv, to join with FER2013's .csv")
