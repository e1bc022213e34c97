"""The first XOR step of a program that uses PyTorch."""
import torch

torch.set_default_dtype(torch.float64)
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
sgd = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
loss = torch.nn.functional.mse_loss(net(x), torch.tensor([[0.0], [1], [1], [0]]))
loss.backward()
sgd.step()
print("first step:", loss.item(), flush=True)
