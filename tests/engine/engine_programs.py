"""Short programs that use most of what autograd can do. Each is run plain and recorded, and must not differ."""

from __future__ import annotations

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"

LEAVES = (
    "x = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)\n"
    "w = torch.tensor([3.0, 4.0, -2.0], requires_grad=True)\n"
    "A = torch.randn(3, 4, requires_grad=True)\nB = torch.randn(4, 2, requires_grad=True)\n"
)

_ONE_LINERS = {
    "product": "(x * w).sum().backward()",
    "quotient": "(x / w).sum().backward()",
    "powers": "(x**2 + 2**x + x.abs() ** w.abs()).sum().backward()",
    "matmul": "(A @ B).pow(2).mean().backward()",
    "broadcast": "(A + x.unsqueeze(1) * 2).sum().backward()",
    "trigonometry": "(torch.sin(x) * torch.cos(w) + torch.tan(x) + torch.atan2(x, w)).sum().backward()",
    "exponentials": "(x.exp() + (w * w).log() + torch.expm1(x) + torch.log1p(x.abs())).sum().backward()",
    "activations": "(F.relu(x) + F.gelu(w) + F.silu(x) + torch.sigmoid(w) + torch.tanh(x) + F.elu(w)).sum().backward()",
    "softmax": "(A.softmax(1) * A.log_softmax(0)).sum().backward()",
    "reductions": "(A.sum(0).max() + A.mean(1).min() + A.prod(1).sum() + A.std() + A.var(0).sum()).backward()",
    "norms": "(A.norm() + torch.linalg.norm(B, dim=0).sum() + A.norm(p=1)).backward()",
    "indexing": "(A[0] * A[1:, 2].sum() + A[[0, 2], [1, 1]].sum()).sum().backward()",
    "gather": "A.gather(1, torch.tensor([[0], [2], [1]])).sum().backward()",
    "scatter": "torch.zeros(3, 4).scatter_add(0, torch.tensor([[0, 1, 2, 0]]), A[:1]).pow(2).sum().backward()",
    "shapes": "A.T.reshape(2, 6).flip(0).transpose(0, 1).contiguous().view(-1).roll(1).sum().backward()",
    "joining": "torch.cat([A, A * 2], 0).sum().backward(); torch.stack([x, w]).prod().backward()",
    "splitting": "a, b = A.split(2, dim=1); (a * b).sum().backward()",
    "chunks": "p, q, r = A.chunk(3); (p * q + r).sum().backward()",
    "unbind": "u, v, t = x.unbind(); (u * v + t).backward()",
    "max_with_indices": "values, indices = A.max(dim=1); (values * indices).sum().backward()",
    "top_and_sorted": "(A.topk(2, dim=1).values.sum() + A.sort(dim=1).values[:, 0].sum()).backward()",
    "where": "torch.where(x > 0, x * 2, w).sum().backward()",
    "clamping": "(x.clamp(-0.5, 1) + torch.minimum(x, w) + torch.maximum(x, w)).sum().backward()",
    "cumulative": "(x.cumsum(0) * w.cumprod(0)).sum().backward()",
    "einsum": "torch.einsum('ij,jk->ik', A, B).tanh().sum().backward()",
    "outer": "torch.outer(x, w).triu().sum().backward()",
    "inverse": "M = A @ A.T + torch.eye(3)\n(torch.linalg.inv(M).sum() + torch.linalg.det(M) + M.logdet()).backward()",
    "eigen": "M = A @ A.T\ntorch.linalg.eigvalsh(M).sum().backward()",
    "svd": "torch.linalg.svdvals(A).sum().backward()",
    "same_leaf_twice": "(x * x).sum().backward()",
    "leaf_is_root": "s = torch.tensor(2.0, requires_grad=True)\ns.backward()",
    "vector_with_v": "(x.exp() * x).backward(gradient=torch.tensor([1.0, 0.1, 0.01]))",
    "several_roots": "torch.autograd.backward([(x * 2).sum(), (x * w).sum()])",
    "retained": "y = (x * w).sum()\ny.backward(retain_graph=True)\ny.backward()",
    "only_inputs": "(x * w).sum().backward(inputs=[x])",
    "grad": "g = torch.autograd.grad((x * w).sum(), [x, w])\nprint(g)",
    "grad_of_inner": "y = x * w\nz = y.exp().sum()\nprint(torch.autograd.grad(z, [y, x]))",
    "grad_unused": "print(torch.autograd.grad((x * 2).sum(), [x, w], allow_unused=True))",
    "grad_materialised": "print(torch.autograd.grad((x * 2).sum(), [x, w], materialize_grads=True))",
    "grad_given": "print(torch.autograd.grad(x * w, x, grad_outputs=torch.tensor([1.0, 2.0, 3.0])))",
    "second_derivative": "(g,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)\ng.sum().backward()",
    "third_derivative": (
        "y = (x**4 * w).sum()\nfor _ in range(3):\n"
        "    (g,) = torch.autograd.grad(y, x, create_graph=True)\n    y = g.sum()\n"
        "print(g)\ny.backward()"
    ),
    "gradient_penalty": (
        "out = torch.tanh(A @ B).sum()\n(g,) = torch.autograd.grad(out, A, create_graph=True)\n"
        "(out + (g.norm() - 1) ** 2).backward()"
    ),
    "backward_create_graph": (
        "y = (x**3).sum()\ny.backward(create_graph=True)\ng = x.grad\nx.grad = None\n(g * w).sum().backward()"
    ),
    "accumulation": "for s in (1.0, 10.0):\n    (s * x * w).sum().backward()\n    print(x.grad)",
    "reset_between": "(x * w).sum().backward()\nx.grad = None\nw.grad.zero_()\n(x + w).sum().backward()",
    "detached": "y = x * 2\n((y.detach() - w) ** 2 + y).sum().backward()",
    "data": "y = x * 2\n(y.data * w).sum().backward()",
    "no_grad": "with torch.no_grad():\n    h = x * 3\n(h * w).sum().backward()",
    "numpy_round_trip": "a = x.detach().numpy() * 2\n(torch.from_numpy(a) * w).sum().backward()",
    "copied": "c = torch.tensor([x[0].item(), 2.0, 3.0])\n(c * w).sum().backward()",
    "in_place": "y = x * 2\ny += w\ny.mul_(3)\ny[0] = 7.0\ny.sum().backward()",
    "in_place_view": "y = x * 1\nv = y[:2]\nv.mul_(w[:2])\n(y * y).sum().backward()",
    "setitem": "buffer = torch.zeros(4)\nbuffer[1:] = x\nbuffer[0] = w[0]\n(buffer**2).sum().backward()",
    "update_under_no_grad": (
        "(x * w).sum().backward()\nwith torch.no_grad():\n"
        "    x -= 0.1 * x.grad\n    x.grad.zero_()\n(x * w).sum().backward()"
    ),
    "loop": (
        "h = torch.tensor([1.0, -1.0, 0.5])\nfor _ in range(5):\n"
        "    h = torch.tanh(w * h + x)\nh.pow(2).sum().backward()"
    ),
    "branch": "y = x * 2\nz = y.exp() if y.sum() > 0 else y.abs()\nz.sum().backward()",
    "function_and_lambda": "f = lambda t: t.sin() * t\ndef g(t):\n    return f(t) + f(t * 2)\ng(x).sum().backward()",
    "tensor_hook": (
        "y = x * w\ny.register_hook(lambda g: g * 10)\nx.register_hook(lambda g: print('x', g))\ny.sum().backward()"
    ),
    "node_hooks": (
        "y = x * w\ny.grad_fn.register_hook(lambda gi, go: print('post', gi, go))\n"
        "y.grad_fn.register_prehook(lambda go: (go[0] * 2,))\ny.sum().backward()"
    ),
    "accumulate_hook": "x.register_post_accumulate_grad_hook(lambda p: print('now', p.grad))\n(x * w).sum().backward()",
    "optimizer_in_backward": (
        "def step(p):\n    with torch.no_grad():\n        p -= 0.1 * p.grad\n    p.grad = None\n"
        "x.register_post_accumulate_grad_hook(step)\nfor _ in range(3):\n    (x * w).sum().backward()\nprint(x)"
    ),
    "retain_grad": "y = x * w\ny.retain_grad()\ny.exp().sum().backward()\nprint(y.grad)",
    "hook_that_calls_torch": (
        "y = x * w\ny.register_hook(lambda g: g.clamp(max=0.5) + g.mean())\n(y * y).sum().backward()"
    ),
    "complex": (
        "z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)\n(z * z.conj()).real.sum().backward()\nprint(z.grad)"
    ),
    "complex_abs": (
        "z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)\n(z.exp().abs() + torch.angle(z)).sum().backward()"
    ),
    "double_precision": "d = x.double()\n(d * d).sum().backward()",
    "half_precision": "h = A.bfloat16() @ B.bfloat16()\nh.float().sum().backward()",
    "embedding": "E = nn.Embedding(5, 3)\nE(torch.tensor([1, 4, 1])).sum().backward()",
    "sparse_gradient": "E = nn.Embedding(5, 3, sparse=True)\nE(torch.tensor([1, 4])).pow(2).sum().backward()",
    "functional_jacobian": "print(torch.autograd.functional.jacobian(lambda t: t**2 * w.detach(), x.detach()))",
    "vmap_gradient": "print(torch.func.vmap(torch.func.grad(lambda t: (t**2).sum()))(A.detach()))",
    "batched_grad": "y = x * w\nprint(torch.autograd.grad(y, x, torch.eye(3), is_grads_batched=True))",
    "gradient_edge": (
        "y = x * w\nedge = torch.autograd.graph.get_gradient_edge(y)\nprint(torch.autograd.grad(y.sum(), edge))"
    ),
    "saved_tensor_hooks": (
        "with torch.autograd.graph.saved_tensors_hooks(lambda t: t * 1, lambda t: t):\n    y = (x * w).exp()\n"
        "y.sum().backward()"
    ),
    "nan_and_inf": "((x - 0.5).log() + 1 / (w - 3)).sum().backward()",
    "empty": "e = torch.zeros(0, 3, requires_grad=True)\ne.sum().backward()",
    "printing_tensors": (
        "y = x * w\nprint(y, y.shape, y.sum().item(), y.grad_fn is not None, len(y))\ny.sum().backward()"
    ),
    "random_numbers": (
        "import random, numpy\n"
        "print(torch.rand(2), random.random(), numpy.random.rand())\n(torch.rand(3) * x).sum().backward()"
    ),
    "dropout": "F.dropout(x * w, 0.5).sum().backward()",
    "memory_of_grads": """
def told(*leaves):
    for leaf in leaves:
        g = leaf.grad
        print(tuple(g.stride()), g.untyped_storage().nbytes(), g.storage_offset(), g._version)
    places = [leaf.grad.untyped_storage().data_ptr() for leaf in leaves]
    print([places.index(place) for place in places])


for n in (3, 100):
    a, b, c, d = (torch.randn(n, n, requires_grad=True) for _ in range(4))
    e = torch.randn(1, n * n, requires_grad=True)
    h = torch.cat([a, b.T]).sigmoid()
    y = h[:n] @ c.T + nn.functional.linear(h[n:], d) + e.view(n, n) + a
    for _ in range(2):
        (y * y.detach()).sum().backward(retain_graph=True)
        told(a, b, c, d, e)
    a.grad.mul_(2)
    y.backward(torch.randn(n, n).T)
    told(a, b, c, d, e)
""",
    "nested_backward_in_hook": (
        "p = torch.tensor(1.0, requires_grad=True)\n"
        "def hook(g):\n    with torch.enable_grad():\n        (p * g.sum()).backward()\n"
        "y = x * w\ny.register_hook(hook)\ny.sum().backward()\nprint(p.grad)"
    ),
    "anomaly": "with torch.autograd.detect_anomaly(check_nan=False):\n    (x * w).sum().backward()",
    "thread": (
        "import threading\ndef work():\n    (x * w).sum().backward()\n"
        "t = threading.Thread(target=work)\nt.start()\nt.join()\n(x * 2).sum().backward()"
    ),
}

_LONGER = {
    "linear_regression": """
X = torch.randn(20, 3)
target = X @ torch.tensor([[1.0], [2.0], [3.0]])
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for _ in range(5):
    optimizer.zero_grad()
    loss = F.mse_loss(model(X), target)
    loss.backward()
    optimizer.step()
    print(loss.item())
""",
    "adam": """
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
optimizer = torch.optim.Adam(model.parameters())
inputs, targets = torch.randn(5, 4), torch.tensor([0, 2, 1, 1, 0])
for _ in range(4):
    optimizer.zero_grad(set_to_none=False)
    loss = F.cross_entropy(model(inputs), targets)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
    print(loss.item())
""",
    "convolution": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Linear(64, 2)
    def forward(self, image):
        return self.head(F.max_pool2d(F.relu(self.norm(self.conv(image))), 2).flatten(1))
net = Net()
loss = net(torch.randn(2, 1, 8, 8)).pow(2).mean()
loss.backward()
""",
    "residual": """
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))
    def forward(self, t):
        return t + self.layers(t)
net = nn.Sequential(*[Block() for _ in range(4)])
net(torch.randn(3, 4)).sum().backward()
""",
    "lstm": """
lstm = nn.LSTM(3, 5, num_layers=2, batch_first=True)
out, (h, c) = lstm(torch.randn(2, 6, 3))
(out.sum() + h.mul(2).sum() + c.sum()).backward()
""",
    "gru_and_rnn": """
gru, rnn = nn.GRU(3, 4), nn.RNN(4, 2)
rnn(gru(torch.randn(5, 2, 3))[0])[0].sum().backward()
""",
    "attention": """
attention = nn.MultiheadAttention(8, 2, batch_first=True)
q = torch.randn(2, 5, 8, requires_grad=True)
out, weights = attention(q, q, q)
(out.sum() + weights.std()).backward()
""",
    "attention_by_hand": """
q, k, v = (torch.randn(2, 4, 8, requires_grad=True) for _ in range(3))
scores = q @ k.transpose(-2, -1) / 8**0.5
mask = torch.ones(4, 4).tril() == 0
out = scores.masked_fill(mask, float("-inf")).softmax(-1) @ v
out.sum().backward()
F.scaled_dot_product_attention(q, k, v, is_causal=True).sum().backward()
""",
    "transformer_layer": """
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
layer(torch.randn(2, 3, 8)).pow(2).mean().backward()
""",
    "custom_function": """
class Exp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, i):
        result = i.exp()
        ctx.save_for_backward(result)
        return result
    @staticmethod
    def backward(ctx, grad):
        (result,) = ctx.saved_tensors
        return grad * result
x = torch.randn(3, requires_grad=True)
Exp.apply(x * 2).sum().backward()
""",
    "custom_function_two_outputs": """
class Both(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b, k):
        ctx.save_for_backward(a, b)
        ctx.k = k
        return a * b * k, a + b
    @staticmethod
    def backward(ctx, g, h):
        a, b = ctx.saved_tensors
        return g * b * ctx.k + h, g * a * ctx.k + h, None
a, b = torch.randn(3, requires_grad=True), torch.randn(3, requires_grad=True)
p, q = Both.apply(a, b, 2)
(p * q).sum().backward()
""",
    "custom_function_twice": """
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.save_for_backward(t)
        return t**3
    @staticmethod
    def backward(ctx, g):
        (t,) = ctx.saved_tensors
        return g * 3 * t**2
x = torch.randn(3, requires_grad=True)
(g,) = torch.autograd.grad(Cube.apply(x).sum(), x, create_graph=True)
g.sum().backward()
""",
    "checkpoint_reentrant": """
from torch.utils.checkpoint import checkpoint
calls = []
layer = nn.Linear(4, 4)
def run(t):
    calls.append(1)
    return torch.tanh(layer(t))
x = torch.randn(2, 4, requires_grad=True)
checkpoint(run, checkpoint(run, x, use_reentrant=True), use_reentrant=True).sum().backward()
print(len(calls))
""",
    "checkpoint": """
from torch.utils.checkpoint import checkpoint
calls = []
layer = nn.Linear(4, 4)
def run(t):
    calls.append(1)
    return torch.tanh(layer(t)).sin()
x = torch.randn(2, 4, requires_grad=True)
checkpoint(run, x, use_reentrant=False).sum().backward()
print(len(calls))
""",
    "gan": """
G, D = nn.Linear(2, 3), nn.Linear(3, 1)
og, od = torch.optim.SGD(G.parameters(), 0.1), torch.optim.SGD(D.parameters(), 0.1)
for _ in range(2):
    fake = G(torch.randn(4, 2))
    od.zero_grad()
    (D(fake.detach()).mean() - D(torch.randn(4, 3)).mean()).backward()
    od.step()
    og.zero_grad()
    (-D(fake).mean()).backward()
    og.step()
""",
    "maml": """
w = torch.tensor([1.0, 2.0], requires_grad=True)
inner = ((w - 3) ** 2).sum()
(g,) = torch.autograd.grad(inner, w, create_graph=True)
fast = w - 0.1 * g
((fast - 1) ** 2).sum().backward()
""",
    "functional_call": """
model = nn.Linear(2, 2)
params = {k: v.detach().clone().requires_grad_() for k, v in model.named_parameters()}
torch.func.functional_call(model, params, torch.ones(1, 2)).sum().backward()
print({k: v.grad for k, v in params.items()})
""",
    "full_backward_hook": """
model = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 1))
def show(m, gi, go):
    print("hook", [None if g is None else g.sum() for g in gi], go[0].sum())
model[0].register_full_backward_hook(show)
model[2].register_forward_hook(lambda m, i, o: o * 2)
model(torch.randn(2, 3, requires_grad=True)).sum().backward()
""",
    "weight_norm_and_tying": """
from torch.nn.utils.parametrizations import weight_norm
net = weight_norm(nn.Linear(3, 3))
head = nn.Linear(3, 3)
head.weight = nn.Parameter(torch.randn(3, 3))
tied = nn.Linear(3, 3)
tied.weight = head.weight
tied(head(net(torch.randn(2, 3)))).sum().backward()
""",
    "containers": """
from dataclasses import dataclass
@dataclass
class Out:
    loss: torch.Tensor
    logits: torch.Tensor
x = torch.randn(3, requires_grad=True)
out = Out((x**2).sum(), x * 2)
more = {"a": x.exp(), "b": [x.sin(), (x.cos(),)]}
out.loss.backward()
""",
    "local_variables": """
def main():
    first = torch.randn(3, requires_grad=True)
    layer = nn.Linear(3, 1)
    loss = layer(first).sum()
    loss.backward()
    return first.grad, layer.weight.grad
print(main())
""",
    "gradcheck": """
x = torch.randn(2, dtype=torch.double, requires_grad=True)
print(torch.autograd.gradcheck(lambda t: (t**2).sin(), (x,)))
""",
    "hessian": """
print(torch.autograd.functional.hessian(lambda t: (t**3).sum(), torch.tensor([1.0, 2.0])))
print(torch.func.hessian(lambda t: (t**3).sum())(torch.tensor([1.0, 2.0])))
print(torch.func.jacrev(torch.sin)(torch.tensor([1.0, 2.0])))
""",
    "lbfgs": """
w = torch.tensor([3.0, -2.0], requires_grad=True)
optimizer = torch.optim.LBFGS([w], max_iter=4)
def closure():
    optimizer.zero_grad()
    loss = ((w - 1) ** 4).sum()
    loss.backward()
    return loss
print(optimizer.step(closure))
""",
    "rosenbrock": """
p = torch.tensor([-1.5, 2.0], requires_grad=True)
for step in range(80):
    f = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    (g,) = torch.autograd.grad(f, p)
    with torch.no_grad():
        p -= 1e-3 * g
print(p)
""",
    "resized_data": """
w = torch.ones(3, requires_grad=True)
(w * 2).sum().backward()
w.grad = None
w.data = torch.ones(5)
(w * 3).sum().backward()
print(w.grad)
""",
    "error_is_caught": """
x = torch.ones(3, requires_grad=True)
try:
    (x * 2).backward()
except RuntimeError as error:
    print(str(error)[:40])
y = (x * x).sum()
y.backward()
try:
    y.backward()
except RuntimeError as error:
    print(str(error)[:40])
(x * 5).sum().backward()
""",
    "hook_raises": """
x = torch.ones(3, requires_grad=True)
w = torch.ones(3, requires_grad=True)
y = x * w
def bad(g):
    raise ValueError("no")
y.register_hook(bad)
try:
    (y.exp() + w).sum().backward()
except ValueError as error:
    print(error)
print(x.grad, w.grad)
""",
    "jagged": """
t=torch.nested.nested_tensor([torch.ones(2,3),torch.ones(4,3)],layout=torch.jagged,requires_grad=True)
(t*2).values().sum().backward()
""",
    "nested": """
a=torch.ones(2,3,requires_grad=True)
t=torch.nested.as_nested_tensor([a,a*2])
t.to_padded_tensor(0.).sum().backward()
""",
    "jit": """
@torch.jit.script
def f(t):
    return (t*2).sin()
x=torch.ones(3,requires_grad=True)
for _ in range(3):
    f(x).sum().backward()
print(x.grad)
""",
    "fwd_ad": """
import torch.autograd.forward_ad as fw
x=torch.ones(3,requires_grad=True)
with fw.dual_level():
    d=fw.make_dual(x,torch.ones(3))
    y=(d*d).sum()
    print(fw.unpack_dual(y).tangent)
y.backward()
""",
    "save_on_cpu": """
x=torch.ones(3,requires_grad=True)
with torch.autograd.graph.save_on_cpu():
    y=(x.exp()*x).sum()
y.backward()
""",
    "subclass": """
class T(torch.Tensor):
    pass
x=torch.ones(3).as_subclass(T).requires_grad_()
y=(x*2).sum()
y.backward()
print(type(y),x.grad)
""",
    "tf_subclass": """
class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls,func,types,args=(),kwargs=None):
        return super().__torch_function__(func,types,args,kwargs or {})
x=torch.ones(3).as_subclass(T).requires_grad_()
y=(x*2).sum()
y.backward()
""",
    "user_mode": """
from torch.overrides import TorchFunctionMode
class M(TorchFunctionMode):
    def __torch_function__(self,f,t,a=(),k=None):
        return f(*a,**(k or {}))
x=torch.ones(3,requires_grad=True)
with M():
    (x*2).sum().backward()
""",
    "device_ctx": """
with torch.device('meta'):
    m=nn.Linear(2,2)
    m(torch.ones(1,2)).sum().backward()
""",
    "weird_repr": """
class A:
    def __repr__(self):
        raise ValueError
    def __getattr__(self,n):
        raise RuntimeError('x')
a=A()
b=[a]
c={a:1}
x=torch.ones(1,requires_grad=True)
y=x*2
""",
    "selfref": """
l=[]
l.append(l)
d={}
d['d']=d
x=torch.ones(1,requires_grad=True)
l.append(x*2)
""",
    "generator": """
def g():
    x=torch.ones(2,requires_grad=True)
    yield (x*2).sum()
for l in g():
    l.backward()
""",
    "batchnorm_eval": """
m=nn.BatchNorm1d(3)
for _ in range(2):
    m(torch.randn(4,3)).sum().backward()
m.eval()
m(torch.randn(4,3)).sum().backward()
""",
    "ema": """
m=nn.Linear(2,2)
e=nn.Linear(2,2)
for p,q in zip(m.parameters(),e.parameters()):
    q.data.mul_(0.9).add_(p.data,alpha=0.1)
loss=(m(torch.ones(1,2))-e(torch.ones(1,2)).detach()).pow(2).sum()
loss.backward()
""",
    "ctx_del": """
import copy
m=nn.Linear(2,2)
n=copy.deepcopy(m)
n(torch.ones(2)).sum().backward()
import pickle
print(len(pickle.dumps(m))>0)
""",
    "dataloader": """
from torch.utils.data import DataLoader,TensorDataset
d=DataLoader(TensorDataset(torch.randn(8,2),torch.randn(8,1)),batch_size=4,shuffle=True)
m=nn.Linear(2,1)
for a,b in d:
    F.mse_loss(m(a),b).backward()
print(m.weight.grad)
""",
    "scheduler_amp": """
m=nn.Linear(2,1)
o=torch.optim.AdamW(m.parameters())
s=torch.optim.lr_scheduler.StepLR(o,1)
with torch.autocast('cpu',dtype=torch.bfloat16):
    l=m(torch.ones(1,2)).sum()
l.backward()
o.step()
s.step()
""",
    "grad_out_none": """
class G(torch.autograd.Function):
    @staticmethod
    def forward(ctx,a,b):
        ctx.set_materialize_grads(False)
        return a*1,b*1
    @staticmethod
    def backward(ctx,g,h):
        return g,h
a=torch.ones(2,requires_grad=True)
b=torch.ones(2,requires_grad=True)
p,q=G.apply(a,b)
p.sum().backward()
print(b.grad)
""",
    "mark_dirty": """
class G(torch.autograd.Function):
    @staticmethod
    def forward(ctx,a):
        ctx.mark_dirty(a)
        return a.add_(1)
    @staticmethod
    def backward(ctx,g):
        return g
a=torch.ones(2,requires_grad=True)
b=a*2
c=G.apply(b)
c.sum().backward()
""",
    "once_more": """
from torch.autograd.graph import Node
x=torch.ones(2,requires_grad=True)
y=x.exp()
print(y.grad_fn(torch.ones(2)))
y.sum().backward()
""",
    "multi_grad_hook": """
x=torch.ones(2,requires_grad=True)
a=x*2
b=x*3
torch.autograd.graph.register_multi_grad_hook([a,b],lambda g:print(g))
(a*b).sum().backward()
""",
    "allow_mutation": """
x=torch.ones(2,requires_grad=True)
with torch.autograd.graph.allow_mutation_on_saved_tensors():
    y=x*1
    z=y.sin()
    y.mul_(2)
    z.sum().backward()
print(x.grad)
""",
    "register_hook_during": """
x=torch.ones(2,requires_grad=True)
y=x*2
z=y*3
z.register_hook(lambda g: y.grad_fn.register_hook(lambda a,b: print('late')) and None)
z.sum().backward(retain_graph=True)
z.sum().backward()
""",
    "fft": """
x=torch.randn(8,requires_grad=True)
torch.fft.fft(x).abs().sum().backward()
""",
    "linalg_complex": """
z=torch.randn(2,2,dtype=torch.cfloat,requires_grad=True)
torch.linalg.det(z).abs().backward()
print(z.grad)
""",
    "tutorial_autograd": """
a = torch.tensor([2., 3.], requires_grad=True)
b = torch.tensor([6., 4.], requires_grad=True)
Q = 3*a**3 - b**2
external_grad = torch.tensor([1., 1.])
Q.backward(gradient=external_grad)
print(9*a**2 == a.grad)
print(-2*b == b.grad)
""",
    "tutorial_one_layer": """
x = torch.ones(5)
y = torch.zeros(3)
w = torch.randn(5, 3, requires_grad=True)
b = torch.randn(3, requires_grad=True)
z = torch.matmul(x, w)+b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
print(z.requires_grad)
loss.backward()
inp = torch.eye(4, 5, requires_grad=True)
out = (inp+1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print(inp.grad)
out.backward(torch.ones_like(out), retain_graph=True)
print(inp.grad)
inp.grad.zero_()
out.backward(torch.ones_like(out), retain_graph=True)
""",
    "tutorial_polynomial": """
import math
x = torch.linspace(-math.pi, math.pi, 200)
y = torch.sin(x)
a = torch.randn((), requires_grad=True)
b = torch.randn((), requires_grad=True)
for t in range(6):
    y_pred = a + b * x
    loss = (y_pred - y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        a -= 1e-6 * a.grad
        b -= 1e-6 * b.grad
        a.grad = None
        b.grad = None
print(a.item(), b.item())
""",
    "tutorial_legendre": """
class LegendrePolynomial3(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input ** 3 - 3 * input)
    @staticmethod
    def backward(ctx, grad_output):
        input, = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input ** 2 - 1)
x = torch.linspace(-1, 1, 50)
a, b, c, d = (torch.full((), v, requires_grad=True) for v in (0.0, -1.0, 0.0, 0.3))
P3 = LegendrePolynomial3.apply
loss = (a + b * P3(c + d * x) - torch.sin(x)).pow(2).sum()
loss.backward()
print(a.grad, b.grad, c.grad, d.grad)
""",
}

PROGRAMS = {name: HEAD + LEAVES + text + "\n" for name, text in _ONE_LINERS.items()} | {
    name: HEAD + text.lstrip("\n") for name, text in _LONGER.items()
}
