"""Model ensembling and MAML: an inner loop by torch.func inside an ordinary backward."""

import torch
from torch import nn
from torch.func import functional_call, grad, vmap

net = nn.Sequential(nn.Linear(1, 20), nn.ReLU(), nn.Linear(20, 1))
params = dict(net.named_parameters())


def loss_for_task(x1, y1, x2, y2):
    def inner_loss(params, x1, y1):
        f = functional_call(net, params, (x1,))
        return ((f - y1) ** 2).mean()

    grads = grad(inner_loss)(params, x1, y1)
    new_params = {k: (params[k] - 0.1 * grads[k]) for k in params}
    v_f = functional_call(net, new_params, (x2,))
    return ((v_f - y2) ** 2).mean()


task = [torch.randn(5, 3, 1) for _ in range(4)]
inner_losses = vmap(loss_for_task)(*task)
loss2 = inner_losses.sum()
loss2.backward()
