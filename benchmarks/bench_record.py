"""What recording costs: each workload run plain and recorded, side by side, as ratios.

Usage: ``python benchmarks/bench_record.py [workload ...]``
"""

from __future__ import annotations

import contextlib
import gc
import resource
import sys
import time

from graphviz_app.engine.program import Namespace, Program
from graphviz_app.engine.session import Session

HEAD = "import torch, time\nfrom torch import nn\nimport torch.nn.functional as F\ntorch.set_num_threads(2)\n"
TIMED = """
torch.set_grad_enabled(True)
t0 = time.perf_counter()
loss = forward()
t1 = time.perf_counter()
loss.backward()
t2 = time.perf_counter()
times = (t1 - t0, t2 - t1)
"""

WORKLOADS = {
    "mlp": """
net = nn.Sequential(*[m for _ in range(6) for m in (nn.Linear(512, 512), nn.ReLU())], nn.Linear(512, 10))
data, target = torch.randn(128, 512), torch.randint(10, (128,))
def forward():
    return F.cross_entropy(net(data), target)
""",
    "resnet18": """
class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.a, self.b = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.Conv2d(o, o, 3, 1, 1, bias=False)
        self.na, self.nb = nn.BatchNorm2d(o), nn.BatchNorm2d(o)
        down = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))
        self.down = down if stride > 1 or i != o else None
    def forward(self, x):
        y = self.nb(self.b(F.relu(self.na(self.a(x)))))
        return F.relu(y + (x if self.down is None else self.down(x)))
layers, width = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
for out, stride in ((64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)):
    layers.append(Block(width, out, stride))
    width = out
net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))
data = torch.randn(4, 3, 224, 224)
def forward():
    return net(data).pow(2).mean()
""",
    "gpt2": """
class Layer(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.n1(x)).split(d, dim=2)
        q, k, v = (z.view(b, t, self.heads, d // self.heads).transpose(1, 2) for z in (q, k, v))
        a = (q @ k.transpose(-2, -1)) / (d // self.heads) ** 0.5
        a = a.masked_fill(torch.ones(t, t).tril() == 0, float("-inf")).softmax(-1)
        x = x + self.out((a @ v).transpose(1, 2).reshape(b, t, d))
        return x + self.down(F.gelu(self.up(self.n2(x)), approximate="tanh"))
class GPT(nn.Module):
    def __init__(self, d=768, n=12, vocab=50257):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, d), nn.Embedding(1024, d)
        self.h = nn.ModuleList(Layer(d, 12) for _ in range(n))
        self.norm = nn.LayerNorm(d)
    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for layer in self.h:
            x = layer(x)
        return self.norm(x) @ self.wte.weight.T
net = GPT()
ids = torch.randint(50257, (1, 32))
def forward():
    return F.cross_entropy(net(ids)[0, :-1], ids[0, 1:])
""",
    "lstm500": """
H, D, STEPS = 64, 32, 500
wx, wh, b = (torch.randn(*s).mul_(0.1).requires_grad_() for s in ((D, 4 * H), (H, 4 * H), (4 * H,)))
data = torch.randn(STEPS, 8, D)
def forward():
    h = c = torch.zeros(8, H)
    for x in data:
        i, f, g, o = (x @ wx + h @ wh + b).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
    return h.pow(2).sum()
""",
    "chain100k": """
x = torch.ones(3, requires_grad=True)
def forward():
    y = x
    for _ in range(100_000):
        y = y + 1.0
    return y.sum()
""",
}


def _plain(source: str) -> tuple[float, float]:
    space = Namespace(Program(source))
    with space.entered():
        exec(compile(source, "program.py", "exec"), space.names)
    times: tuple[float, float] = space.names["times"]
    return times


def _recorded(source: str) -> tuple[float, float, float, Session]:
    session = Session(Program(source))
    recording = session.run()
    assert recording.problem is None, recording.problem.traceback
    forward, backward = session._namespace.names["times"]
    return forward, backward, len(recording.graph.nodes), session


def main() -> None:
    """Print the ratios."""
    resource.setrlimit(resource.RLIMIT_STACK, (120 << 20, resource.getrlimit(resource.RLIMIT_STACK)[1]))
    print(
        f"{'workload':12}{'nodes':>9}{'forward ms':>13}{'x':>7}{'backward ms':>13}{'x':>7}{'run ms':>9}{'kept MB':>9}"
    )
    for name in sys.argv[1:] or WORKLOADS:
        source = HEAD + WORKLOADS[name] + TIMED
        plain, recorded = [], []
        for _ in range(4):
            plain.append(_plain(source))
            gc.collect()
            started = time.perf_counter()
            forward, backward, nodes, session = _recorded(source)
            whole = time.perf_counter() - started
            recorded.append((forward, backward, whole))
            kept = session._parts.store.used / 1e6
            session.close()
            del session
            gc.collect()
        forward, backward = (min(t[i] for t in plain) for i in (0, 1))
        slow_forward, slow_backward, whole = (min(t[i] for t in recorded) for i in (0, 1, 2))
        print(
            f"{name:12}{nodes:9}{forward * 1e3:13.1f}{slow_forward / forward:7.2f}{backward * 1e3:13.1f}"
            f"{slow_backward / backward:7.2f}{whole * 1e3:9.0f}{kept:9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
