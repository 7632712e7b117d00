"""A bigram language model whose output layer is its embedding."""

import torch
from torch import nn
from torch.nn import functional as F


class Tied(nn.Module):
    def __init__(self, words, width):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, words, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids):
        return self.head(self.norm(self.embed(ids)))


model = Tied(7, 4)
ids = torch.tensor([[1, 2, 3], [4, 5, 6]])
logits = model(ids)
loss = F.cross_entropy(logits.view(-1, 7), ids.flip(1).reshape(-1))
loss.backward()
