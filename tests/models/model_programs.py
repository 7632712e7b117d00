"""Models of the kinds people write by hand, each a program that trains one step of it."""

from __future__ import annotations

_HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n"

_RESNET = """
class Block(nn.Module):
    def __init__(self, inside, outside, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        down = [nn.Conv2d(inside, outside, 1, stride), nn.BatchNorm2d(outside)]
        self.down = nn.Sequential(*down) if stride > 1 else None

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.down is None else self.down(x)))

class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())
        self.layer1 = nn.Sequential(*(Block(8, 8) for _ in range(3)))
        self.layer2 = nn.Sequential(Block(8, 16, 2), Block(16, 16), Block(16, 16), Block(16, 16))
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        return self.fc(self.layer2(self.layer1(self.stem(x))).mean((2, 3)))

model = ResNet()
loss = F.cross_entropy(model(torch.randn(2, 3, 8, 8)), torch.tensor([1, 2]))
"""

_TRANSFORMER = """
class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.ModuleDict({"token": nn.Embedding(50, 16), "place": nn.Embedding(12, 16)})
        layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 5, enable_nested_tensor=False)
        self.out = nn.Linear(16, 50, bias=False)
        self.out.weight = self.embed["token"].weight

    def forward(self, tokens):
        x = self.embed["token"](tokens) + self.embed["place"](torch.arange(tokens.shape[1]))
        return self.out(self.body(x))

model = Language()
tokens = torch.randint(0, 50, (2, 12))
loss = F.cross_entropy(model(tokens).flatten(0, 1), tokens.flatten())
"""

_RECURRENT = """
class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.x, self.h = nn.Linear(4, 24), nn.Linear(6, 24, bias=False)

    def forward(self, x, state):
        h, c = state
        i, f, g, o = (self.x(x) + self.h(h)).chunk(4, -1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.cells = nn.ModuleList([Cell(), Cell()])
        self.cells[1].x = nn.Linear(6, 24)
        self.head = nn.Linear(6, 1)

    def forward(self, xs):
        states = [(torch.zeros(2, 6), torch.zeros(2, 6)) for _ in self.cells]
        for x in xs:
            for level, cell in enumerate(self.cells):
                states[level] = cell(x, states[level])
                x = states[level][0]
        return self.head(x)

model = Recurrent()
loss = model(torch.randn(20, 2, 4)).square().mean()
"""

_RECURSIVE = """
class Tree(nn.Module):
    def __init__(self):
        super().__init__()
        self.leaf = nn.Linear(3, 4)
        self.join = nn.Sequential(nn.Linear(8, 4), nn.Tanh())

    def forward(self, tree):
        if isinstance(tree, torch.Tensor):
            return self.leaf(tree)
        left, right = tree
        return self.join(torch.cat([self(left), self(right)], -1))

model = Tree()
a, b, c, d, e = torch.randn(5, 3)
loss = model(((a, (b, c)), (d, e))).sum()
"""

_UNET = """
def conv(inside, outside):
    return nn.Sequential(nn.Conv2d(inside, outside, 3, padding=1), nn.GroupNorm(2, outside), nn.SiLU())

class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([conv(3, 4), conv(4, 8), conv(8, 16)])
        self.up = nn.ModuleDict({"low": conv(24, 8), "high": conv(12, 4)})
        self.last = nn.Conv2d(4, 3, 1)

    def forward(self, x):
        skips = []
        for layer in self.down:
            x = layer(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = skips.pop()
        for layer in self.up.values():
            x = layer(torch.cat([F.interpolate(x, scale_factor=2), skips.pop()], 1))
        return self.last(x)

model = UNet()
x = torch.randn(1, 3, 16, 16)
loss = F.mse_loss(model(x), x)
"""

_EXPERTS = """
class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(6, 4)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(6, 12), nn.GELU(), nn.Linear(12, 6)) for _ in range(4))

    def mix(self, x, weights):
        total = 0
        for weight, expert in zip(weights.unbind(-1), self.experts):
            total = total + weight[..., None] * expert(x)
        return total

    def forward(self, x):
        return self.mix(x, torch.softmax(self.gate(x), -1))

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*(Experts() for _ in range(3)))
        self.loss = nn.MSELoss()

    def forward(self, x, y):
        return self.loss(self.blocks(x), y) + nn.L1Loss()(x, y)

model = Model()
loss = model(torch.randn(5, 6), torch.randn(5, 6))
"""

_PARTS = """
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 8), nn.ReLU())
        self.mean, self.spread = nn.Linear(8, 2), nn.Linear(8, 2)

class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 8))
        self.scale = nn.Parameter(torch.ones(8))

model = Autoencoder()
x = torch.randn(3, 8)
h = model.encoder.body(x * model.scale)
mean, spread = model.encoder.mean(h), model.encoder.spread(h)
z = mean + torch.exp(spread / 2) * torch.randn(3, 2)
loss = F.mse_loss(model.decoder(z), x) + (mean.square() + spread.exp() - spread).mean()
"""

PROGRAMS = {
    name: f"{_HEAD}{text.strip()}\nloss.backward()\n"
    for name, text in {
        "residual": _RESNET,
        "transformer": _TRANSFORMER,
        "recurrent": _RECURRENT,
        "recursive": _RECURSIVE,
        "u-net": _UNET,
        "experts": _EXPERTS,
        "parts run one by one": _PARTS,
    }.items()
}
