# %% [markdown]
# > **Try it.** Send one of *three* letters: B, G, or "I do not know". Write its table of 2 x 3 probabilities, and
# > compute `information`. Is it better to say that one does not know, or to guess?

# %%
# Who knows it for sure in 60 % of the cases, and else would have to guess:
with_guesses = np.array(
    [[0.4, 0.1], [0.1, 0.4]]
)  # guesses are right half of the time
says_so = np.array([[0.3, 0.0, 0.2], [0.0, 0.3, 0.2]])
print(f"guesses when in doubt: {information(with_guesses):.3f} nats")
print(f"says “I do not know”: {information(says_so):.3f} nats")

# %% [markdown]
# > **Try it.** Replace 2 by 5 and by 50. Which of the three stop growing, and where? Then add 1000 to all nine scores.
# > Which of the three should not change? Does it?

# %%
with np.errstate(over="ignore", invalid="ignore"):
    for name, table_of in {
        "2": 2.0 * np.eye(3),
        "5": 5.0 * np.eye(3),
        "50": 50.0 * np.eye(3),
        "2, and 1000 to all": 2.0 * np.eye(3) + 1000,
    }.items():
        print(name, {each: f"{e(table_of):.3f}" for each, e in estimators.items()})
print(f"log 3 = {np.log(3):.3f}, -log 2 = {-np.log(2):.3f}")

# %% [markdown]
# > **Try it.** Set `rho = 0.99` instead ($I = 5.9$ nats). How large a batch does InfoNCE ask for?

# %%
rho = 0.99
print(f"the truth: {-1.5 * np.log(1 - rho**2):.2f} nats")
for n in (8, 64, 512, 2048):
    says = np.mean([infonce(best_scores(n)) for _ in range(max(2048 // n, 4))])
    print(f"batch of {n}: log N = {np.log(n):.2f}, InfoNCE says {says:.2f}")
