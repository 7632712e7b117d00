"""An embedding with sparse gradients."""

import torch
from torch import nn

bag = nn.EmbeddingBag(10, 3, mode="sum", sparse=True)
table = nn.Embedding(10, 3, sparse=True)
words = torch.tensor([1, 2, 4, 5, 4, 3])
offsets = torch.tensor([0, 4])
score = (bag(words, offsets).sum(0) * table(words[:2]).sum(0)).sum()
score.backward()
optimizer = torch.optim.SparseAdam([*bag.parameters(), *table.parameters()], lr=0.1)
optimizer.step()
