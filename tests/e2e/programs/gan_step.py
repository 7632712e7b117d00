"""One step of a GAN: the discriminator sees the generated picture detached, then the generator learns."""

import torch
from torch import nn

G = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 4), nn.Tanh())
D = nn.Sequential(nn.Linear(4, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1), nn.Sigmoid())
criterion = nn.BCELoss()
optimizer_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
optimizer_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
real = torch.randn(3, 4)
label = torch.full((3,), 1.0)

D.zero_grad()
loss_real = criterion(D(real).view(-1), label)
loss_real.backward()
fake = G(torch.randn(3, 2))
label.fill_(0.0)
loss_fake = criterion(D(fake.detach()).view(-1), label)
loss_fake.backward()
optimizer_d.step()

G.zero_grad()
label.fill_(1.0)
loss_g = criterion(D(fake).view(-1), label)
loss_g.backward()
optimizer_g.step()
