import torch

hidden, features = 3, 2
x = torch.randn(1, features)
h = torch.zeros(1, hidden)
c = torch.zeros(1, hidden)
W_x = torch.randn(features, 4 * hidden, requires_grad=True)
W_h = torch.randn(hidden, 4 * hidden, requires_grad=True)
b = torch.zeros(4 * hidden, requires_grad=True)

gates = x @ W_x + h @ W_h + b
i, f, g, o = gates.chunk(4, dim=1)
c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
h = torch.sigmoid(o) * torch.tanh(c)
loss = h.square().sum()
loss.backward()
