"""A WGAN gradient penalty: the norm of a gradient is itself learnt from."""

import torch
from torch import nn

critic = nn.Sequential(nn.Linear(3, 6), nn.Softplus(), nn.Linear(6, 1))
real, fake = torch.randn(4, 3), torch.randn(4, 3)
alpha = torch.rand(4, 1)
mixed = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
scores = critic(mixed)
(slopes,) = torch.autograd.grad(
    outputs=scores, inputs=mixed, grad_outputs=torch.ones_like(scores), create_graph=True, retain_graph=True
)
penalty = ((slopes.norm(2, dim=1) - 1) ** 2).mean()
loss = fake.mean() + scores.mean() + 10 * penalty
loss.backward()
