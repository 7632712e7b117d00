"""Saving memory by fusing the optimizer step into the backward pass."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
optimizer_dict = {p: torch.optim.Adam([p], foreach=False) for p in model.parameters()}


# Define our hook, which will call the optimizer step() and zero_grad()
def optimizer_hook(parameter) -> None:
    optimizer_dict[parameter].step()
    optimizer_dict[parameter].zero_grad()


# Register the hook onto every parameter
for p in model.parameters():
    p.register_post_accumulate_grad_hook(optimizer_hook)


# Now remember our previous train() function? Since the optimizer has been
# fused into the backward, we can remove the optimizer step and zero_grad calls.
def train(model):
    # create our fake image input: tensor shape is batch_size, channels, height, width
    fake_image = torch.rand(1, 8)

    # call our forward and backward
    loss = model.forward(fake_image)
    loss.sum().backward()


for _ in range(3):
    train(model)
