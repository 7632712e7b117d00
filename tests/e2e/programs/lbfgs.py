"""An optimiser that calls a closure: LBFGS."""

import torch

A = torch.tensor([[3.0, 1.0], [1.0, 2.0]])
b = torch.tensor([1.0, -1.0])
x = torch.zeros(2, requires_grad=True)
opt = torch.optim.LBFGS([x], lr=0.5, max_iter=4)


def closure():
    opt.zero_grad()
    loss = 0.5 * x @ A @ x - b @ x
    loss.backward()
    return loss


for _ in range(2):
    print(opt.step(closure))
