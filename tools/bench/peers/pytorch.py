"""PyTorch, float64: `pytorch.py THREADS`. Speaks the protocol of contestants/serve.ts."""
import gzip
import json
import math
import os
import sys
import time

import torch

BATCHES = 8
GROUP, WARM_UP = 10.0, 300.0  # as in serve.ts

threads = int(sys.argv[1])
torch.set_num_threads(threads)
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


class Unsupported(Exception):
    pass


def blas():
    """The BLAS that PyTorch really has loaded, by the name of its folder: Debian's can be exchanged."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if "/libblas.so" in line or "/libopenblas" in line}
    except OSError:
        return "unknown BLAS"
    folders = {os.path.basename(os.path.dirname(path)) for path in paths}
    openblas = sorted(folder for folder in folders if "openblas" in folder)
    if openblas:
        return openblas[0]
    return REFERENCE if "blas" in folders else "its own BLAS"


REFERENCE = "reference BLAS"


class LastState(torch.nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.gru = torch.nn.GRU(spec["features"], spec["size"], batch_first=True)

    def forward(self, x):
        return self.gru(x)[0][:, -1]


class Transformer(torch.nn.Module):
    def __init__(self, spec, vocabulary):
        super().__init__()
        self.size, time = spec["size"], spec["time"]
        self.embedding = torch.nn.Embedding(vocabulary, self.size)
        self.positions = torch.nn.Parameter(0.02 * torch.randn(time, self.size))
        options = {"dropout": 0.0, "activation": "relu", "batch_first": True, "norm_first": True}
        self.blocks = torch.nn.ModuleList(
            torch.nn.TransformerEncoderLayer(self.size, spec["heads"], 4 * self.size, **options)
            for _ in range(spec["blocks"])
        )
        self.norm = torch.nn.LayerNorm(self.size)
        self.register_buffer("later", torch.triu(torch.ones(time, time, dtype=torch.bool), 1))

    def forward(self, x):
        y = self.embedding(x) + self.positions
        for block in self.blocks:
            y = block(y, self.later)
        return self.norm(y).reshape(-1, self.size)


def build_net(spec):
    sizes, layers = spec["sizes"], []
    active = {"selu": torch.nn.SELU, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[spec["activation"]]
    convolutions = spec.get("convolutions")
    if convolutions:
        channels, kernel = convolutions["image"][2], convolutions["kernel"]
        for outputs in convolutions["outputs"]:
            conv = torch.nn.Conv2d(channels, outputs, kernel)
            torch.nn.init.normal_(conv.weight, std=1 / math.sqrt(channels * kernel**2))
            torch.nn.init.zeros_(conv.bias)
            layers += [conv, active(), torch.nn.MaxPool2d(convolutions["pool"])]
            channels = outputs
        layers.append(torch.nn.Flatten())
    if "recurrent" in spec:
        layers.append(LastState(spec["recurrent"]))
    if "transformer" in spec:
        layers.append(Transformer(spec["transformer"], sizes[-1]))
    for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
        dense = torch.nn.Linear(n_in, n_out)
        torch.nn.init.normal_(dense.weight, std=1 / math.sqrt(n_in))
        torch.nn.init.zeros_(dense.bias)
        layers.append(dense)
        if i == len(sizes) - 2:
            break
        layers.append(active())
        if spec["dropout"] > 0:
            layers.append(torch.nn.AlphaDropout(spec["dropout"]))
    return torch.nn.Sequential(*layers)


def build_optimizer(spec, parameters):
    lr = spec["learningRate"]
    if spec["name"] == "sgd":
        return torch.optim.SGD(parameters, lr=lr)
    if spec["name"] == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=lr, alpha=spec["rho"], eps=spec["epsilon"])
    return torch.optim.Adam(parameters, lr=lr, betas=(spec["beta1"], spec["beta2"]), eps=spec["epsilon"])


def build_data(work):
    sizes, batch = work["net"]["sizes"], work["batch"]
    if work["loss"] == "mse":
        x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
        return x, torch.tensor([[0.0], [1], [1], [0]])
    if "convolutions" in work["net"]:
        height, width, channels = work["net"]["convolutions"]["image"]
        return torch.randn(batch, channels, height, width), torch.arange(batch) * 7 % sizes[-1]
    if "recurrent" in work["net"]:
        time, features = work["net"]["recurrent"]["time"], work["net"]["recurrent"]["features"]
        return torch.randn(batch, time, features), torch.arange(batch) * 7 % sizes[-1]
    if "transformer" in work["net"]:
        time = work["net"]["transformer"]["time"]
        numbers = torch.arange(batch * time)
        return (numbers * 5 % sizes[-1]).view(batch, time), numbers * 7 % sizes[-1]
    return torch.randn(batch, sizes[0]), torch.arange(batch) * 7 % sizes[-1]


def prepare(message):
    work = message["work"]
    library = blas()
    # Ten and more times slower than what PyTorch comes with elsewhere; it does not matter for XOR.
    if library == REFERENCE and max(work["net"]["sizes"]) > 16:
        raise Unsupported("PyTorch is here, but on the slow reference BLAS: apt install libopenblas0-pthread")
    about = f"torch {torch.__version__}, {library}"
    net = build_net(work["net"])
    loss_of = torch.nn.MSELoss() if work["loss"] == "mse" else torch.nn.CrossEntropyLoss()
    optimizer = build_optimizer(work["optimizer"], net.parameters())

    def step(x, target):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(net(x), target)
        loss.backward()
        optimizer.step()
        return loss

    if work["kind"] == "epoch":
        return about, epoch(work["batch"], net, step, message["mnist"]), True

    batches = [build_data(work) for _ in range(BATCHES)]

    def train(times):
        for i in range(times):
            step(*batches[i % BATCHES]).item()

    def infer(times):
        net.eval()
        with torch.no_grad():
            for i in range(times):
                net(batches[i % BATCHES][0])[0, 0].item()

    return about, infer if work["kind"] == "inference" else train, False


def epoch(batch, net, step, folder):
    """Bytes in memory, scaled batch by batch; accuracy and validation as `fit` has them."""

    def read(name, offset):
        path = os.path.join(folder, name)
        opened = open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz", "rb")
        with opened as file:
            return torch.frombuffer(bytearray(file.read()[offset:]), dtype=torch.uint8)

    images = {name: read(f"{name}-images-idx3-ubyte", 16).view(-1, 784) for name in ("train", "t10k")}
    labels = {name: read(f"{name}-labels-idx1-ubyte", 8).long() for name in ("train", "t10k")}

    def run(_times):
        net.train()
        total = 0.0
        for index in torch.randperm(len(labels["train"])).split(batch):
            total += step(images["train"][index].double() / 255, labels["train"][index]).item()
        net.eval()
        correct = 0
        with torch.no_grad():
            for x, target in zip(images["t10k"].split(batch), labels["t10k"].split(batch)):
                correct += (net(x.double() / 255).argmax(1) == target).sum().item()

    return run


def timed(run, times):
    start = time.perf_counter()
    run(times)
    return 1000 * (time.perf_counter() - start)


def warm_up(run):
    start, times = time.perf_counter(), 1
    while True:
        ms = timed(run, times)
        if ms < GROUP:
            times *= 2
        elif 1000 * (time.perf_counter() - start) > WARM_UP:
            return max(1, math.ceil(times * GROUP / ms))


def main():
    run, long, times = None, False, 1
    for line in iter(sys.stdin.readline, ""):
        try:
            message = json.loads(line)
            if "work" in message:
                about, run, long = prepare(message)
                if not long:
                    times = warm_up(run)
                answer = {"about": about}
            else:
                if not long:
                    run(times)
                answer = {"ms": [timed(run, times) / times for _ in range(message["steps"])]}
        except Unsupported as error:
            answer = {"unsupported": str(error)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
