# %% [markdown]
# > **Try it.** `clothes, worn = train, unseen`: the puzzle on digits. What is the way up of a 0, a 1, an 8, and of a 6?

# %% again="untrained, puzzled = rotnet.small"
# data.load("fashion_small", "train"), -> train,
# data.load("fashion_small", "test"), -> unseen,
digit_views, digit_turns = turned(worn.images)
named = ops.convert_to_numpy(puzzled(digit_views)).argmax(axis=1)
print(f"right: {accuracy:.0%} of all")
for digit in (0, 1, 8, 6, 9, 4):
    of_it = np.tile(worn.labels == digit, 4)
    right = (named == digit_turns)[of_it].mean()
    half_turn = (named == (digit_turns + 2) % 4)[of_it].mean()
    print(f"of a {digit}: {right:.0%} right, {half_turn:.0%} upside down")

# %% [markdown]
# > **Try it.** Hide the left half (`m = np.tile(np.repeat([0, 1], 14), 28)`), or every other column, and compare
# > `cost(m)`. Does it matter which half is hidden?

# %%
halves = {
    "the left half hidden": np.tile(np.repeat([0, 1], 14), 28),
    "the right half hidden": np.tile(np.repeat([1, 0], 14), 28),
    "the lower half hidden": np.repeat([1, 0], 392),
    "every other column hidden": np.tile([0, 1], 392),
    "a random half hidden": rng.random(x_unseen.shape) < 0.5,
}
for name, m in halves.items():
    each = -np.log2(np.where(x_unseen > 0.5, theta, 1 - theta)) * (1 - m)
    alone_costs = each.sum() / np.broadcast_to(1 - m, x_unseen.shape).sum()
    print(f"{name}: {cost(m):.2f} bits a hidden pixel", end=", ")
    print(f"{alone_costs:.2f} with each pixel by itself")

# %% [markdown]
# > **Try it.** Call `drawn_in_turn(some, half, rounds=8)`. Then 49 pixels are drawn at a time, each without knowing the
# > others of its group. What do the digits lose, and what do you gain?

# %%
from time import perf_counter

drawings, seconds = {}, {}
for rounds in (392, 8, 1):
    start = perf_counter()
    drawings[f"{rounds} rounds"] = drawn_in_turn(some, half, rounds=rounds)
    seconds[rounds] = perf_counter() - start
print(f"8 rounds are {seconds[392] / seconds[8]:.0f} times as fast as 392")
plots.images(
    drawings,
    "The lower half, drawn in 392, 8 and 1 rounds",
    "Rows of digits whose lower halves fall apart more and more.",
    size=0.7,
)

# %% [markdown]
# > **Try it.** Set `fastest=4` in both calls of `moving`. Why do all three versions fail?

# %% again="films = moving(x_train[:2000]"
# moving(x_train[:2000].reshape(-1, 28, 28)) -> moving(x_train[:2000].reshape(-1, 28, 28), fastest=4)
# moving(x_unseen[:200].reshape(-1, 28, 28)) -> moving(x_unseen[:200].reshape(-1, 28, 28), fastest=4)

# %% again="inputs, targets = [], []"

# %% again="def next_frame(name, before, now)"
for name, n in frame_costs.items():
    print(f"{name}: {n:.0f} bits")

# %%
# With the lecture's own films and networks back: clothes that move.
films = moving(x_train[:2000].reshape(-1, 28, 28))
tests = moving(np.float32(worn.images[:200, :, :, 0] > 0.5))

# %% again="inputs, targets = [], []"

# %% again="def next_frame(name, before, now)"
for name, n in frame_costs.items():
    print(f"{name}: {n:.0f} bits")
