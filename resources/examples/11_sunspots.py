# data: sunspots
import torch
from torch import nn

activity = sunspots[:, 1].float() / 100  # a row a year
windows = activity.unfold(0, 67, 30)  # 67 years, every 30
past, next_year = windows[:, None, :-1], windows[:, -1:]

conv = nn.Conv1d(1, 4, kernel_size=11)  # a cycle: 11 years
head = nn.Linear(4 * 56, 1)
weights = [*conv.parameters(), *head.parameters()]
optimizer = torch.optim.Adam(weights, lr=0.01)

for step in range(3):
    optimizer.zero_grad()
    features = torch.tanh(conv(past))
    forecast = head(features.flatten(1))
    loss = nn.functional.mse_loss(forecast, next_year)
    loss.backward()
    optimizer.step()
    print("step", step, "loss", round(loss.item(), 4))
