"""BatchNorm and Dropout, in training and then in evaluation."""

import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.5), nn.Linear(6, 1))
x = torch.randn(8, 4)
loss = net(x).pow(2).mean()
loss.backward()
net.eval()
check = net(x).pow(2).mean()
check.backward()
