"""Understanding requires_grad, retain_grad, leaf and non-leaf tensors."""

import torch
import torch.nn.functional as F

x = torch.ones(1, 3)  # input with shape: (1, 3)
W = torch.ones(3, 2, requires_grad=True)  # weights with shape: (3, 2)
b = torch.ones(1, 2, requires_grad=True)  # bias with shape: (1, 2)
y = torch.ones(1, 2)  # output with shape: (1, 2)

z = (x @ W) + b  # pre-activation with shape: (1, 2)
y_pred = F.relu(z)  # activation with shape: (1, 2)
loss = F.mse_loss(y_pred, y)  # scalar loss
print(f"{x.is_leaf=}")
print(f"{W.is_leaf=}")
print(f"{b.is_leaf=}")
print(f"{y.is_leaf=}")
print(f"{z.is_leaf=}")
print(f"{y_pred.is_leaf=}")
print(f"{loss.is_leaf=}")
loss.backward()

print(f"{W.grad=}")
print(f"{b.grad=}")

z = (x @ W) + b
y_pred = F.relu(z)
loss = F.mse_loss(y_pred, y)
# calling retain_grad() on non-leaf tensors
z.retain_grad()
y_pred.retain_grad()
loss.retain_grad()
# zero out gradients
W.grad = None
b.grad = None
loss.backward()
print(f"{W.grad=}")
print(f"{b.grad=}")
print(f"{z.grad=}")
print(f"{y_pred.grad=}")
print(f"{loss.grad=}")
print(f"{W.retains_grad=}")
W.retain_grad()
print(f"{z.retains_grad=}")
# set requires_grad to False
x.requires_grad_(True)
try:
    z = (x @ W) + b
    x.retain_grad()
    z.requires_grad = False
except RuntimeError as e:
    print(e)
try:
    y.retain_grad()
except RuntimeError as e:
    print(e)
