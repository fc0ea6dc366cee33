"""Times a ResNet in PyTorch on this machine's GPU: pytorch.py MODEL BATCH JSON [ONNX-FILE].

The network is that of `sardonyx generate`: ResNet v1.5, random weights, evaluation mode. Channels last; eager and as a CUDA graph; float32
with TF32 off and on, and half. Prints the median of 50 runs after 10, in milliseconds: with the input already on the device, and as a graph
from page-locked memory of the host and back, which is what Sardonyx's runs include. The same goes to JSON. Where Python has an ONNX Runtime
with CUDA and the ONNX file is there, that is timed as well, from host to host.
"""

import json
import pathlib
import statistics
import sys

try:
    import torch
    from torch import nn
except ImportError as missing:
    print(f"PyTorch not measured: {missing}")
    sys.exit(0)
if not torch.cuda.is_available():
    print("PyTorch not measured: it finds no GPU")
    sys.exit(0)

BLOCKS = {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3), "resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3), "resnet152": (3, 8, 36, 3)}


def convolution(inputs, outputs, kernel, stride=1, relu=True):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Block(nn.Module):
    def __init__(self, inputs, width, outputs, stride, bottleneck):
        super().__init__()
        if bottleneck:
            self.branch = nn.Sequential(
                convolution(inputs, width, 1), convolution(width, width, 3, stride), convolution(width, outputs, 1, relu=False)
            )
        else:
            self.branch = nn.Sequential(convolution(inputs, width, 3, stride), convolution(width, outputs, 3, relu=False))
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride, relu=False)

    def forward(self, x):
        return torch.relu(self.branch(x) + self.shortcut(x))


def resnet(name):
    bottleneck = name not in ("resnet18", "resnet34")
    layers = [convolution(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for stage, count in enumerate(BLOCKS[name]):
        width = 64 << stage
        outputs = width * 4 if bottleneck else width
        for i in range(count):
            layers.append(Block(inputs, width, outputs, 2 if stage > 0 and i == 0 else 1, bottleneck))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))


def median(run):
    for _ in range(10):
        run()
    times = []
    for _ in range(50):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        run()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end))
    return statistics.median(times)


def graphed(model, x):
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            model(x)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        y = model(x)
    return graph.replay, y


def from_host(replay, x, y):
    """A run whose input comes from page-locked memory and whose output goes there."""
    source, target = x.cpu().pin_memory(), torch.empty_like(y, device="cpu").pin_memory()

    def run():
        x.copy_(source, non_blocking=True)
        replay()
        target.copy_(y, non_blocking=True)

    return run


def onnxruntime_cuda(model, batch):
    """Milliseconds of a run in ONNX Runtime on the GPU; none where it is not there."""
    try:
        import onnxruntime
    except ImportError:
        return None
    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers() or not pathlib.Path(model).exists():
        return None
    session = onnxruntime.InferenceSession(model, providers=["CUDAExecutionProvider"])
    tensor = session.get_inputs()[0]
    x = torch.randn(tensor.shape).numpy()
    return median(lambda: session.run(None, {tensor.name: x}))


name, batch, file = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
if name not in BLOCKS:
    print(f"PyTorch not measured: {name} is not written down here")
    sys.exit(0)
torch.backends.cudnn.benchmark = True
print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}, {name}, batch {batch}")
figures = {"version": torch.__version__, "device": torch.cuda.get_device_name()}
for label, tf32, dtype in (("fp32", False, torch.float32), ("tf32", True, torch.float32), ("fp16", True, torch.float16)):
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
    with torch.inference_mode():
        model = resnet(name).eval().to("cuda", dtype, memory_format=torch.channels_last)
        x = torch.randn(batch, 3, 224, 224, device="cuda", dtype=dtype).to(memory_format=torch.channels_last)
        eager = median(lambda: model(x))
        replay, y = graphed(model, x)
        figures[label] = {"eager_ms": eager, "graph_ms": median(replay), "host_ms": median(from_host(replay, x, y))}
        print(f"{label:5s}" + "".join(f" {key} {value:8.3f}" for key, value in figures[label].items()))
time = onnxruntime_cuda(sys.argv[4], batch) if len(sys.argv) > 4 else None
if time:
    figures["onnxruntime_ms"] = time
    print(f"ONNX Runtime with CUDA, from host to host: {time:.3f} ms")
file.write_text(json.dumps(figures))
