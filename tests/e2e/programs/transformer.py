"""A transformer encoder layer over a short sequence with positions."""

import math

import torch
from torch import nn


class PositionalEncoding(nn.Module):
    def __init__(self, width, longest=10):
        super().__init__()
        position = torch.arange(longest).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        pe = torch.zeros(longest, 1, width)
        pe[:, 0, 0::2] = torch.sin(position * div_term)
        pe[:, 0, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[: x.size(0)]


embedding = nn.Embedding(11, 8)
positions = PositionalEncoding(8)
layer = nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16)
decode = nn.Linear(8, 11)
ids = torch.randint(0, 11, (5, 2))
mask = nn.Transformer.generate_square_subsequent_mask(5)
hidden = layer(positions(embedding(ids) * math.sqrt(8)), src_mask=mask)
loss = nn.functional.cross_entropy(decode(hidden).view(-1, 11), ids.view(-1))
loss.backward()
