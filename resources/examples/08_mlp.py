import torch
from torch import nn

model = nn.Sequential(
    nn.Linear(4, 8),
    nn.ReLU(),
    nn.Linear(8, 3),
)
inputs = torch.randn(5, 4)
targets = torch.tensor([0, 2, 1, 1, 0])
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for step in range(2):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), targets)
    loss.backward()
    optimizer.step()
    print("step", step, "loss", round(loss.item(), 4))
