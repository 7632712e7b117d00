"""A variational autoencoder: the reparametrisation trick and two losses added."""

import torch
from torch import nn
from torch.nn import functional as F

encode, to_mu, to_logvar, decode = nn.Linear(6, 4), nn.Linear(4, 2), nn.Linear(4, 2), nn.Linear(2, 6)
data = torch.rand(3, 6)
hidden = F.relu(encode(data))
mu, logvar = to_mu(hidden), to_logvar(hidden)
std = torch.exp(0.5 * logvar)
z = mu + torch.randn_like(std) * std
recon = torch.sigmoid(decode(z))
BCE = F.binary_cross_entropy(recon, data, reduction="sum")
KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
loss = BCE + KLD
loss.backward()
