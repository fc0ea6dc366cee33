"""Compares a compiled jar with ONNX Runtime on one random input: agreement.py MODEL JAR FOLDER PRECISION JAVA.

Prints the largest error, relative to the largest reference value, and how many images get the same top class. Says FAILED where
fp32 or tf32x3 is outside 1e-4 max|b| + 1e-3 |b|, or another precision, of 11 bits, outside 1e-2 max|b| + 1e-3 |b|.
"""

import pathlib
import subprocess
import sys

try:
    import numpy as np
    import onnxruntime
except ImportError as missing:
    print(f"answers not compared: {missing}")
    sys.exit(0)

model, jar, folder, precision, java = sys.argv[1:]
folder = pathlib.Path(folder)
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
tensor = session.get_inputs()[0]
x = np.random.default_rng(1).standard_normal(tensor.shape).astype(np.float32)
expected = session.run(None, {tensor.name: x})[0]
np.save(folder / "x.npy", x)
subprocess.run(
    [*java.split(), "-jar", jar, "run", "--input", str(folder / "x.npy"), "--output", str(folder / "answers")], check=True
)
actual = np.load(folder / "answers" / f"{session.get_outputs()[0].name}.npy")
error = np.abs(actual - expected)
scale = np.abs(expected).max()
allowed = (1e-4 if precision in ("fp32", "tf32x3") else 1e-2) * scale + 1e-3 * np.abs(expected)
same = int((actual.argmax(-1) == expected.argmax(-1)).sum())
print(f"largest error {error.max() / scale:.2e} of the scale; same top class {same} of {len(expected)}")
if not (error <= allowed).all():
    print("FAILED: over the tolerance")
    sys.exit(1)
