"""Epochs of the bench's autoencoder in PyTorch. Reads rows of floats from a file; answers a line of seconds per epoch for each line it reads."""

import sys
import time

import numpy as np
import torch

path, rows, size, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(1)
data = torch.from_numpy(np.fromfile(path, dtype=np.float32).reshape(rows, size))
relu = torch.nn.ReLU
net = torch.nn.Sequential(torch.nn.Linear(size, 128), relu(), torch.nn.Linear(128, 32), relu(),
                          torch.nn.Linear(32, 128), relu(), torch.nn.Linear(128, size))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
scored = data[:256]


def epoch():
    order = torch.randperm(rows)
    for start in range(0, rows, 128):
        batch = data[order[start:start + 128]]
        noisy = batch + 0.2 * torch.randn_like(batch)
        loss = ((net(noisy) - batch) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


for line in sys.stdin:
    start = time.perf_counter()
    if line.strip() == "epoch":
        epoch()
    else:
        with torch.no_grad():
            for _ in range(100):
                net(scored)
    print(time.perf_counter() - start, flush=True)
