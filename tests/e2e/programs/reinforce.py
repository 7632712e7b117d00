"""Policy gradient: log-probabilities of sampled actions, discounted returns, one update."""

import torch
from torch import nn
from torch.distributions import Categorical

policy = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2), nn.Softmax(dim=-1))
log_probs, rewards = [], []
state = torch.randn(4)
for _ in range(3):
    choices = Categorical(policy(state))
    action = choices.sample()
    log_probs.append(choices.log_prob(action))
    rewards.append(float(action))
    state = torch.randn(4)
returns = torch.tensor(rewards).flip(0).cumsum(0).flip(0)
policy_loss = torch.stack([-lp * r for lp, r in zip(log_probs, returns, strict=True)]).sum()
policy_loss.backward()
