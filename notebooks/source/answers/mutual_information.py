# %% [markdown]
# > **Try it.** Send one of *three* letters: B, G, or "I do not know". Write its table of 2 x 3 probabilities, and
# > compute `information`. Is it better to say that one does not know, or to guess?

# %% [markdown]
# It is better to say so. Take somebody who is sure in 60 % of the cases, and who else would have to toss a coin. If
# he guesses, the letter is right four times in five, and tells 0.193 nats, as in the text. If he says "I do not know"
# instead, the three letters tell 0.416 nats, more than twice as much. The guesses made all letters doubtful, the sure
# ones, too. With the third letter the other two can be trusted.

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

# %% [markdown]
# Donsker-Varadhan does not stop: it says 2, 5 and 50. Jensen-Shannon stops at $-\log 2$, which is -0.693: the own
# scores then cost nothing, and the others, whose score is 0, still cost $\log 2$ each. InfoNCE stops at $\log 3$,
# which is 1.099.
#
# With 1000 added to all scores, Donsker-Varadhan and InfoNCE should not change, because both compare scores with
# scores. InfoNCE still says 0.859. Donsker-Varadhan says -inf, because `np.exp(1000)` is too large for a number of 64
# bits; `special.logsumexp` would mend it. Jensen-Shannon does change, and should: it judges each score by itself, and
# now takes all pairs for own ones.

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

# %% [markdown]
# From a batch of 8 or 64 it says nearly all that it can say, which is $\log N$. With 512 the ceiling is above the
# truth, 6.24, but InfoNCE says only 5.20 of the 5.88 nats. With 2,048 it says 5.61, which is still less. So it
# asks for some thousands of pictures, several times $e^{5.88}$. This is why a large information needs large batches.

# %%
rho = 0.99
print(f"the truth: {-1.5 * np.log(1 - rho**2):.2f} nats")
for n in (8, 64, 512, 2048):
    says = np.mean([infonce(best_scores(n)) for _ in range(max(2048 // n, 4))])
    print(f"batch of {n}: log N = {np.log(n):.2f}, InfoNCE says {says:.2f}")
