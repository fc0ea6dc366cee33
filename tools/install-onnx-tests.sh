#!/bin/sh
# Writes ONNX's own tests of single operators into FOLDER, a folder for each case with model.onnx and test_data_set_0, for
# OnnxNodeTest (docs/testing.md). The cases come from the Python package onnx, which generates them; it is installed below
# FOLDER and nowhere else.
#
#   tools/install-onnx-tests.sh FOLDER
set -eu

[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
folder=$1
python3 -m pip install --quiet --upgrade --target "$folder/python" onnx==1.23.1
# The package's own command leaves out the operators' cases: they are put in place of the models'. The warnings that are silenced
# are of cases that divide by zero on purpose.
PYTHONPATH="$folder/python" python3 -W ignore -c '
from onnx.backend.test import cmd_tools
from onnx.backend.test.case import model, node

model.collect_testcases = lambda: node.collect_testcases(None)
cmd_tools.main()
' generate-data --output "$folder"
echo "$(find "$folder/node" -mindepth 1 -maxdepth 1 | wc -l) cases in $folder/node" >&2
