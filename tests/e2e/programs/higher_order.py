"""Physics-informed: derivatives of a network in its input inside the loss."""

import torch
from torch import nn

net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
t = torch.linspace(0, 1, 5).view(-1, 1).requires_grad_(True)
u = net(t)
(du,) = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)
(ddu,) = torch.autograd.grad(du, t, torch.ones_like(du), create_graph=True)
loss = ((ddu + 4 * u) ** 2).mean() + (u[0] - 1).square().sum()
loss.backward()
