import torch

A = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
B = torch.tensor([[0.5, -1.0], [2.0, 0.0]], requires_grad=True)
C = A @ B
loss = (C**2).mean()
loss.backward()
print(A.grad)
print(B.grad)
