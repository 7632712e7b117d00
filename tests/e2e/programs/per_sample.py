"""Per-sample gradients: a loop over the samples, and the same by torch.func."""

import torch
from torch import nn
from torch.func import functional_call, grad, vmap

model = nn.Linear(3, 2)
data, targets = torch.randn(4, 3), torch.tensor([0, 1, 1, 0])
rows = []
for i in range(len(data)):
    loss = nn.functional.cross_entropy(model(data[i : i + 1]), targets[i : i + 1])
    rows.append(torch.autograd.grad(loss, list(model.parameters())))
stacked = [torch.stack(shards) for shards in zip(*rows, strict=True)]

params = {k: v.detach() for k, v in model.named_parameters()}


def compute_loss(params, sample, target):
    predictions = functional_call(model, params, (sample.unsqueeze(0),))
    return nn.functional.cross_entropy(predictions, target.unsqueeze(0))


batched = vmap(grad(compute_loss), in_dims=(None, 0, 0))(params, data, targets)
print([torch.allclose(a, b, atol=1e-6) for a, b in zip(stacked, batched.values(), strict=True)])
