import torch

X = torch.arange(6.0).reshape(2, 3).requires_grad_()
bias = torch.tensor([10.0, 20.0, 30.0], requires_grad=True)
scale = torch.tensor(0.5, requires_grad=True)
Y = scale * (X + bias)
loss = Y.sum()
loss.backward()
print("bias.grad is summed over the rows:", bias.grad)
print("scale.grad is summed over everything:", scale.grad)
