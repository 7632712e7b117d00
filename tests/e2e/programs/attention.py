"""A causal self-attention head, masked, with a residual."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Head(nn.Module):
    def __init__(self, width, size):
        super().__init__()
        self.key = nn.Linear(width, size, bias=False)
        self.query = nn.Linear(width, size, bias=False)
        self.value = nn.Linear(width, size, bias=False)
        self.out = nn.Linear(size, width)
        self.register_buffer("mask", torch.tril(torch.ones(16, 16)))

    def forward(self, x):
        steps = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        weights = q @ k.transpose(-2, -1) / math.sqrt(k.shape[-1])
        weights = weights.masked_fill(self.mask[:steps, :steps] == 0, float("-inf"))
        return x + self.out(F.softmax(weights, dim=-1) @ v)


head = Head(8, 4)
tokens = torch.randn(2, 5, 8)
loss = head(tokens).square().mean()
loss.backward()
