"""Writes what run.sh has measured as a table in Markdown: table.py RESULTS."""

import json
import pathlib
import re
import sys

results = pathlib.Path(sys.argv[1])
# What PyTorch computes in where Sardonyx computes so.
PEERS = {"fp32": "fp32", "tf32x3": "fp32", "tf32": "tf32", "fp16-storage": "fp16", "fp16": "fp16"}


def number(value):
    return "" if value is None else f"{value:.3f}"


def ratio(other, own):
    return "" if other is None or not own else f"{other / own:.2f}"


rows = []
for file in results.glob("*-b*-*.json"):
    match = re.fullmatch(r"(.+)-b(\d+)-(fp32|fp16-storage|tf32x3|tf32|fp16)", file.stem)
    if match:
        rows.append((match[1], int(match[2]), list(PEERS).index(match[3]), match[3], json.loads(file.read_text())))
rows.sort()
engines = {re.sub(r", (fp16|tf32).*", "", figures["engine"]) for *_, figures in rows}
print("Sardonyx on " + "; ".join(sorted(engines)) + ". Milliseconds a run, medians. \"kernels\" is the device's time alone, \"run\" goes from the")
print("caller's array to the caller's array. PyTorch: eager and as a CUDA graph with the input on the device, to be set beside \"kernels\"; from host")
print("to host, beside \"run\". Ratios above 1: Sardonyx is faster.")
print()
print("| network | batch | precision | kernels | run | PyTorch eager | graph | host | graph : kernels | host : run | answers |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for model, batch, _, precision, figures in rows:
    peer_file = results / f"{model}-b{batch}-pytorch.json"
    peer = json.loads(peer_file.read_text()).get(PEERS[precision], {}) if peer_file.exists() else {}
    agreement = results / f"{model}-b{batch}-{precision}.agreement.txt"
    answers = " ".join(agreement.read_text().split()) if agreement.exists() else "not compared"
    engine = figures["engine"]
    computed = precision if engine.endswith((f", {precision}", f", {precision} emulated")) or precision == "fp32" else "NOT " + precision
    kernels, run = figures.get("kernels_ms"), figures["median_ms"]
    cells = [
        model,
        str(batch),
        computed,
        number(kernels),
        number(run),
        *(number(peer.get(key)) for key in ("eager_ms", "graph_ms", "host_ms")),
        ratio(peer.get("graph_ms"), kernels),
        ratio(peer.get("host_ms"), run),
        answers.replace("|", "/"),
    ]
    print("| " + " | ".join(cells) + " |")
