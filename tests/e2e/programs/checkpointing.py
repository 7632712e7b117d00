"""Activation checkpointing: half of a network computed again on the way back, both kinds."""

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

first = nn.Sequential(nn.Linear(4, 8), nn.Tanh())
second = nn.Sequential(nn.Linear(8, 8), nn.Tanh())
head = nn.Linear(8, 1)
x = torch.randn(3, 4)
hidden = checkpoint(second, first(x), use_reentrant=False)
loss = head(hidden).pow(2).mean()
loss.backward()
again = head(checkpoint(second, first(x), use_reentrant=True)).mean()
again.backward()
