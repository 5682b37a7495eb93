"""``python -m guarantees.grading``."""

from guarantees.grading.cli import main

main(prog_name="guarantees")
