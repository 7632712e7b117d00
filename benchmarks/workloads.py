"""The programs every benchmark measures: real models with random weights, and graphs no other tool survives.

Each builder returns a function that runs one forward and returns the loss, still attached to its graph.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

Forward = Callable[[], Tensor]


def mlp() -> Forward:
    """Three linear layers, as in every tutorial."""
    model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
    inputs, targets = torch.randn(32, 64), torch.randint(0, 10, (32,))
    return lambda: nn.functional.cross_entropy(model(inputs), targets)


class _Block(nn.Module):
    def __init__(self, inner: int, channels: int, out: int, stride: int, bottleneck: bool) -> None:
        super().__init__()
        sizes = (
            [(channels, inner, 1, 1), (inner, inner, 3, stride), (inner, out, 1, 1)]
            if bottleneck
            else [
                (channels, inner, 3, stride),
                (inner, out, 3, 1),
            ]
        )
        self.convs = nn.ModuleList(nn.Conv2d(a, b, k, s, k // 2, bias=False) for a, b, k, s in sizes)
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for _, b, _, _ in sizes)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels != out:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for index, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            y = norm(conv(y))
            if index + 1 < len(self.convs):
                y = torch.relu(y)
        return torch.relu(y + self.shortcut(x))


def resnet(depth: int, size: int = 64) -> Forward:
    """ResNet-18, -50 or -152 (He et al., 2015, https://arxiv.org/abs/1512.03385) on one `size` x `size` image."""
    counts = {18: (2, 2, 2, 2), 50: (3, 4, 6, 3), 152: (3, 8, 36, 3)}[depth]
    bottleneck = depth >= 50
    layers: list[nn.Module] = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    channels = 64
    for stage, count in enumerate(counts):
        inner = 64 * 2**stage
        out = inner * 4 if bottleneck else inner
        for index in range(count):
            layers.append(_Block(inner, channels, out, 2 if stage and not index else 1, bottleneck))
            channels = out
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000))
    images, targets = torch.randn(2, 3, size, size), torch.tensor([1, 2])
    return lambda: nn.functional.cross_entropy(model(images), targets)


def gpt2() -> Forward:
    """GPT-2 small, 12 layers of 768, a sequence of 32, random weights."""
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config(attn_implementation="eager", vocab_size=5000))
    tokens = torch.randint(0, 5000, (1, 32))
    return lambda: model(input_ids=tokens, labels=tokens).loss


def bert() -> Forward:
    """BERT-base with a masked-language head, a sequence of 32, random weights."""
    from transformers import BertConfig, BertForMaskedLM

    model = BertForMaskedLM(BertConfig(attn_implementation="eager", vocab_size=5000))
    tokens = torch.randint(0, 5000, (1, 32))
    return lambda: model(input_ids=tokens, labels=tokens).loss


def vit() -> Forward:
    """ViT-base on one 64 x 64 image in patches of 16, random weights."""
    from transformers import ViTConfig, ViTForImageClassification

    model = ViTForImageClassification(ViTConfig(attn_implementation="eager", image_size=64, num_labels=10))
    image, label = torch.randn(1, 3, 64, 64), torch.tensor([3])
    return lambda: model(pixel_values=image, labels=label).loss


def lstm(steps: int, hidden: int = 8, features: int = 4) -> Forward:
    """An LSTM written by hand and unrolled, six weights shared by every step."""
    weights = [torch.randn(features, 4 * hidden), torch.randn(hidden, 4 * hidden), torch.zeros(4 * hidden)]
    w_x, w_h, b = (w.mul(0.1).requires_grad_() for w in weights)
    w_out, b_out = torch.randn(hidden, 1).requires_grad_(), torch.zeros(1).requires_grad_()
    scale = torch.ones(hidden).requires_grad_()
    inputs = torch.randn(steps, 1, features)

    def forward() -> Tensor:
        h = c = torch.zeros(1, hidden)
        for x in inputs:
            i, f, g, o = (x @ w_x + h @ w_h + b).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c) * scale
        return (h @ w_out + b_out).square().sum()

    return forward


def chain(length: int = 100_000) -> Forward:
    """`length` additions, one after the other."""
    x = torch.ones(1, requires_grad=True)

    def forward() -> Tensor:
        y = x
        for _ in range(length):
            y = y + 1
        return y.sum()

    return forward


MODELS: dict[str, Callable[[], Forward]] = {
    "MLP": mlp,
    "ResNet-18": lambda: resnet(18),
    "ResNet-50": lambda: resnet(50),
    "ResNet-152": lambda: resnet(152),
    "GPT-2": gpt2,
    "BERT": bert,
    "ViT": vit,
}
DEEP: dict[str, Callable[[], Forward]] = {
    "LSTM 500": lambda: lstm(500),
    "LSTM 3000": lambda: lstm(3000),
    "chain 100000": chain,
}
