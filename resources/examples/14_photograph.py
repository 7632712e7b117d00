# data: astronaut
import torch
from torch.nn import functional as F

image = astronaut[None, :, ::2, ::2].float() / 255
image.requires_grad_()

sobel = torch.tensor([[1.0, 2.0, 1.0]]).T
sobel = sobel * torch.tensor([[1.0, 0.0, -1.0]])
filters = torch.stack([sobel, sobel.T])[:, None]
filters = filters.repeat(1, 3, 1, 1) / 12

edges = F.conv2d(image, filters, padding=1)
strength = edges.square().sum(dim=1)
score = strength.mean()
score.backward()

# Where would a little more light make edges stronger?
saliency = image.grad.abs().amax(dim=1)
