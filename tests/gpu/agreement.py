"""Compares a compiled jar's answers with a reference: agreement.py MODEL JAR FOLDER PRECISION JAVA REFERENCE BATCH SIZE.

The reference is ONNX Runtime on the processor; where Python lacks it, what REFERENCE --input X.npy --output FOLDER writes. It is kept in FOLDER
for the next precision. Prints the largest error, relative to the largest reference value, and how many images get the same top class. Says FAILED where
fp32 or tf32x3 is outside 1e-4 max|b| + 1e-3 |b|, or another precision, of 11 bits, outside 1e-2 max|b| + 1e-3 |b|.
"""

import pathlib
import subprocess
import sys

try:
    import numpy as np
except ImportError as missing:
    print(f"answers not compared: {missing}")
    sys.exit(0)

model, jar, folder, precision, java, reference, batch, size = sys.argv[1:]
folder = pathlib.Path(folder)


def run(command, output):
    subprocess.run([*command, "--input", str(folder / "x.npy"), "--output", str(output)], check=True, stdout=subprocess.DEVNULL)
    (answer,) = output.glob("*.npy")
    return np.load(answer)


def make_reference():
    """Writes x.npy, y.npy and what they come from."""
    x = np.random.default_rng(1).standard_normal((int(batch), 3, int(size), int(size))).astype(np.float32)
    np.save(folder / "x.npy", x)
    try:
        import onnxruntime

        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        y, name = session.run(None, {session.get_inputs()[0].name: x})[0], "ONNX Runtime"
    except ImportError:
        y, name = run(reference.split(), folder / "reference"), "the SIMD target"
    np.save(folder / "y.npy", y)
    (folder / "y.txt").write_text(name)


if not (folder / "y.npy").exists():
    make_reference()
expected = np.load(folder / "y.npy")
actual = run([*java.split(), "-jar", jar, "run"], folder / "answers")
error = np.abs(actual - expected)
scale = np.abs(expected).max()
allowed = (1e-4 if precision in ("fp32", "tf32x3") else 1e-2) * scale + 1e-3 * np.abs(expected)
same = int((actual.argmax(-1) == expected.argmax(-1)).sum())
print(
    f"largest error {error.max() / scale:.2e} of the scale, {(error / allowed).max():.1%} of the tolerance;"
    f" same top class {same} of {len(expected)}; reference: {(folder / 'y.txt').read_text()}"
)
if not (error <= allowed).all():
    print("FAILED: over the tolerance")
    sys.exit(1)
