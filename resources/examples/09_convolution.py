import torch
from torch import nn


class SmallNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, kernel_size=3, padding=1)
        self.head = nn.Linear(4 * 4 * 4, 2)

    def forward(self, image):
        features = torch.relu(self.conv(image))
        pooled = nn.functional.max_pool2d(features, 2)
        return self.head(pooled.flatten(1))


model = SmallNet()
images = torch.randn(2, 1, 8, 8)
loss = nn.functional.mse_loss(model(images), torch.ones(2, 2))
loss.backward()
print("loss", loss.item())
