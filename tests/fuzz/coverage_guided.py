"""Lets atheris look for bytes that break a target: `coverage_guided.py load -max_total_time=600`.

Owns the start of the fuzzer; the targets and their laws are in `fuzz_targets`. What it finds is
kept in the folder `.fuzz`: inputs that reach new code by target, and `crash-*` where a law broke.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

# Only what is imported in here is watched for the code that it reaches.
with atheris.instrument_imports(include=["threadbot"]):
    from fuzz_targets import LONGEST, TARGETS
from fuzz_pieces import PIECES

ROOT = Path(__file__).parents[2]
FOUND = ROOT / ".fuzz"
SAMPLES = (*ROOT.glob("examples/*.txt"), *ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))


def main() -> None:
    """Fuzz the target named first; what follows are options of libFuzzer."""
    target, *options = sys.argv[1:]
    corpus = FOUND / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(SAMPLES):
        for reader in range(3):
            choices = bytes((reader, number, reader + number))
            (corpus / f"{sample.stem}-{reader}").write_bytes(choices + sample.read_bytes()[:4000])
    words = FOUND / "dictionary"
    words.write_text("".join(map(_entry, PIECES)), encoding="ascii")
    fuzzer = [sys.argv[0], str(corpus), f"-dict={words}", f"-max_len={LONGEST}"]
    fuzzer += [f"-artifact_prefix={FOUND}/", "-timeout=60", "-print_final_stats=1", *options]
    atheris.Setup(fuzzer, TARGETS[target])
    atheris.Fuzz()


def _entry(piece: str) -> str:
    """Write a piece as libFuzzer's dictionaries want it."""
    data = piece.encode("utf-8", "surrogatepass")[:60]
    return '"' + "".join(f"\\x{byte:02X}" for byte in data) + '"\n'


if __name__ == "__main__":
    main()
