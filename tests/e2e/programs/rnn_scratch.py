"""An RNN from scratch: one matrix used at every step."""

import torch

torch.manual_seed(1)
Wxh = torch.randn(4, 2, requires_grad=True)
Whh = (torch.randn(4, 4) * 0.1).requires_grad_()
bias = torch.zeros(4, requires_grad=True)
inputs = torch.randn(6, 2)
h = torch.zeros(4)
for x_t in inputs:
    h = torch.tanh(Wxh @ x_t + Whh @ h + bias)
loss = h.pow(2).sum()
loss.backward()
