"""Imported by the process that workers are forked from, and with it all that they need: none of them imports it again.

Besides what leads to the others: what nbgrader knows by name, and what kernelspecs and the gradebook need.
"""
# ruff: noqa: E402, F401

import gc

gc.disable()  # what is imported stays; a worker enables it

import ipykernel.kernelspec
import sqlalchemy.dialects.sqlite

import guarantees.grading.cluster
import guarantees.grading.run
import guarantees.grading.scores
import guarantees.grading.watch
