# data: digits
import torch
from torch import nn

images = digits["images"][:32, None].float() / 16
labels = digits["labels"][:32].long()
model = nn.Sequential(
    nn.Conv2d(1, 6, kernel_size=3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(6 * 3 * 3, 10),
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

for step in range(3):
    optimizer.zero_grad()
    scores = model(images)
    loss = nn.functional.cross_entropy(scores, labels)
    loss.backward()
    optimizer.step()
    right = (scores.argmax(1) == labels).sum().item()
    print("step", step, "right", right, "of 32")
