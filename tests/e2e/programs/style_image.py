"""Neural style: the picture is the parameter; a Gram matrix loss, LBFGS with a closure."""

import torch
from torch import nn, optim

layer = nn.Conv2d(3, 4, 3, padding=1).requires_grad_(False)
content, style = torch.rand(1, 3, 6, 6), torch.rand(1, 3, 6, 6)
image = content.clone().requires_grad_(True)
optimizer = optim.LBFGS([image], max_iter=2)


def gram(features):
    flat = features.view(features.size(1), -1)
    return flat @ flat.t() / flat.numel()


wanted = gram(layer(style)).detach()


def closure():
    with torch.no_grad():
        image.clamp_(0, 1)
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(gram(layer(image)), wanted) * 100 + nn.functional.mse_loss(image, content)
    loss.backward()
    return loss


optimizer.step(closure)
