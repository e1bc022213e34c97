"""Writes fixtures/special-points.torch.json: PyTorch's derivatives at the points of fixtures/special-points.json.

    python3 tools/docs/special-points.py

Made with PyTorch 1.13 (Debian's python3-torch), in float64. A row is null if PyTorch has no such op.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

HERE = Path(__file__).parent / "fixtures"


def named(name):
    return lambda *x, **p: getattr(torch, name)(*x, **p)


def functional(name, **rename):
    return lambda *x, **p: getattr(F, name)(*x, **{rename.get(key, key): value for key, value in p.items()})


def along(f):
    return lambda x, axis=None: f(x) if axis is None else f(x, dim=axis)


def first_of(f):
    return lambda x, axis=None: f(x) if axis is None else f(x, dim=axis).values


def std(x):
    return torch.std(x)


def softplus(x, beta=1.0):
    return F.softplus(x, beta=beta, threshold=math.inf) if beta * x.max() < 700 else F.softplus(x, beta=beta)


def norm(x, order=2):
    return torch.linalg.vector_norm(x, ord=order)


def classes(f):
    def run(x, target, classWeights=None, **p):
        weight = None if classWeights is None else torch.tensor(classWeights, dtype=torch.float64)
        return f(x, target.long() if target.shape != x.shape else target, weight=weight, **p)

    return run


OPS = {
    **{name: named(name) for name in "abs sqrt rsqrt reciprocal log log1p square div mul exp expm1 sigmoid tanh erf erfc "
       "sin cos tan asin acos atan sinh cosh asinh acosh atanh exp2 log2 log10 maximum minimum amax amin pow prod".split()},
    "relu": F.relu, "relu6": F.relu6, "silu": F.silu, "mish": F.mish, "softplus": softplus, "softsign": F.softsign,
    "logSigmoid": F.logsigmoid, "selu": F.selu, "prelu": F.prelu, "layerNorm": lambda x, w, b: F.layer_norm(x, x.shape, w, b),
    "hardtanh": F.hardtanh, "leakyRelu": F.leaky_relu, "elu": F.elu, "celu": F.celu, "gelu": F.gelu,
    "rrelu": lambda x, lower, upper: F.rrelu(x, lower, upper, training=True),
    "clamp": lambda x, low=-math.inf, high=math.inf: torch.clamp(x, low, high),
    "cumprod": along(torch.cumprod),
    "max": first_of(torch.max), "min": first_of(torch.min),
    "groupNorm": lambda x, w, b, groups: F.group_norm(x, groups, w, b),
    "maxPool1d": lambda x, kernel, stride=None: F.max_pool1d(x.movedim(-1, 1), kernel, stride).movedim(1, -1),
    "maxPool2d": lambda x, kernel: F.max_pool2d(x.movedim(-1, 1), kernel).movedim(1, -1),
    "where": lambda c, x, y: torch.where(c != 0, x, y),
    "variance": torch.var, "std": std, "norm": norm,
    "logsumexp": lambda x: torch.logsumexp(x, 0),
    "softmax": along(torch.softmax), "logSoftmax": along(torch.log_softmax),
    "mse": F.mse_loss, "l1": F.l1_loss, "huber": F.huber_loss, "smoothL1": F.smooth_l1_loss,
    "crossEntropy": classes(F.cross_entropy), "nll": classes(F.nll_loss),
    "bce": F.binary_cross_entropy,
    "bceWithLogits": F.binary_cross_entropy_with_logits,
    "klDiv": lambda x, t, logTarget=False: F.kl_div(x, t, log_target=logTarget, reduction="mean"),
    "batchNorm": lambda x, w, b, m, v: F.batch_norm(x, m, v, w, b),
}


def number(value):
    return float(value) if isinstance(value, str) else value


def nested(value):
    return [nested(item) for item in value] if isinstance(value, list) else number(value)


def stored(value):
    value = float(value)
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def derivatives(point):
    f = OPS.get(point["op"])
    if f is None:
        return None
    by = point.get("by", range(len(point["inputs"])))
    xs = [torch.tensor(nested(x), dtype=torch.float64, requires_grad=i in by) for i, x in enumerate(point["inputs"])]
    params = {key: number(value) if value in ("Infinity", "-Infinity") else value for key, value in point.get("params", {}).items()}
    try:
        out = f(*xs, **params)
        variables = [x for x in xs if x.requires_grad]
        weights = torch.arange(1, out.numel() + 1, dtype=torch.float64).reshape(out.shape)
        firsts = torch.autograd.grad(out, variables, grad_outputs=weights, create_graph=True, allow_unused=True)
        firsts = [torch.zeros_like(x) if g is None else g for x, g in zip(variables, firsts)]
        second = []
        for g in firsts:
            for i in range(g.numel()):
                row = [None] * len(variables)
                if g.requires_grad:
                    one = torch.zeros(g.numel(), dtype=torch.float64)
                    one[i] = 1
                    row = torch.autograd.grad(g, variables, grad_outputs=one.reshape(g.shape), retain_graph=True, allow_unused=True)
                second.append([stored(v) for x, h in zip(variables, row) for v in (torch.zeros_like(x) if h is None else h + torch.zeros_like(x)).flatten().tolist()])
    except RuntimeError as error:
        print(point["op"], point["inputs"], "has no such derivative:", str(error).splitlines()[0])
        return None
    return {"first": [stored(v) for g in firsts for v in g.flatten().tolist()], "second": second}


points = json.loads((HERE / "special-points.json").read_text())["points"]
rows = [json.dumps(derivatives(point)) for point in points]
(HERE / "special-points.torch.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
