"""Sequence to sequence: a GRU encoder and a decoder with teacher forcing."""

import torch
from torch import nn

embed = nn.Embedding(6, 4)
encoder = nn.GRU(4, 5, batch_first=True)
decoder = nn.GRU(4, 5, batch_first=True)
out = nn.Linear(5, 6)
source = torch.tensor([[1, 2, 3]])
target = torch.tensor([[0, 4, 5]])
_, hidden = encoder(embed(source))
outputs = []
for step in range(target.size(1) - 1):
    state, hidden = decoder(embed(target[:, step : step + 1]), hidden)
    outputs.append(out(state))
logits = torch.cat(outputs, dim=1)
loss = nn.functional.cross_entropy(logits.view(-1, 6), target[:, 1:].reshape(-1))
loss.backward()
