"""Gradient accumulation over micro-batches, then clipping by norm."""

import torch
from torch import nn

model = nn.Linear(3, 1)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
optimizer.zero_grad()
for micro in range(3):
    inputs = torch.randn(2, 3) + micro
    loss = model(inputs).square().mean() / 3
    loss.backward()
norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
print(norm)
optimizer.step()
