"""A gentle introduction to torch.autograd: one step of training, and a frozen backbone."""

import torch
from torch import nn, optim

model = nn.Sequential(
    nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 10)
)
data = torch.rand(1, 3, 16, 16)
labels = torch.rand(1, 10)
prediction = model(data)
loss = (prediction - labels).sum()
loss.backward()
optim.SGD(model.parameters(), lr=1e-2, momentum=0.9).step()

for parameter in model.parameters():
    parameter.requires_grad = False
model[4] = nn.Linear(16, 2)
tuned = (model(data) ** 2).mean()
tuned.backward()
