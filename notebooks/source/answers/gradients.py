# %% [markdown]
# > **Try it.** In TensorFlow, replace `tf.Variable(2.0)` by `tf.constant(2.0)`. What is `slope` now, and who tells you
# > that something is wrong? Then move `height = f(w)` out of the block.

# %% [markdown]
# Both gradients are `None`, and nobody tells you that something is wrong. The tape watches variables and no
# constants, so it has written nothing down about the constant. And a function that is computed behind the block is
# not on the tape at all. An error comes only later, when somebody computes with `None`, such as in `float(slope)`.
# (In JAX there is neither trap.)

# %%
constant = tf.constant(2.0)
with tf.GradientTape() as tape:
    height = f(constant)
print("of a constant:", tape.gradient(height, constant))
variable = tf.Variable(2.0)
with tf.GradientTape() as tape:
    pass
height = f(variable)
print("computed outside of the block:", tape.gradient(height, variable))

# %% [markdown]
# > **Try it.** Replace `np.float32` by `np.float64`, and let the steps begin at $10^{-12}$. Where does the valley move?

# %% [markdown]
# With 64-bit numbers the smallest error is at a step of 1e-05 (with 32 bits it was between 1e-04 and 1e-02), and it
# is 1e-11 instead of 1e-05. The right side of the valley is the same in both, because it is the bend of the curve: at
# 1e-01 both errors are 9e-04. The left side has moved, because rounding is smaller by nine digits.

# %%
for kind, smallest in ((np.float32, -7), (np.float64, -12)):
    curve = lambda w: kind(np.sin(kind(w)))
    steps, errors = 10.0 ** np.arange(smallest, 0), []
    for h in steps:
        up, down = kind(1 + h), kind(1 - h)
        errors.append(abs((curve(up) - curve(down)) / kind(2 * h) - np.cos(1.0)))
    print(
        kind.__name__,
        {f"{h:.0e}": f"{error:.0e}" for h, error in zip(steps, errors)},
    )

# %% [markdown]
# > **Try it.** Give the critic a rate of 0.3 and the maker one of 0.05: $\theta$ settles quickly, and beside the mean.
# > Print `game.critic.get_weights()` after each of ten more steps (`game.train_on_batch(data[:100])`). What does it do?

# %% [markdown]
# $\theta$ reaches 4.35 in five epochs and then stays near 3.84, beside the mean of 4. So the maker has come to rest.
# The critic has not: shown the same hundred numbers again and again, its slope jumps from +0.728 to -0.132 and back, a
# step after a step. Its rate is so large that each step goes past the best slope and the next one comes back. The
# maker's rate is small, so it follows only the mean of the two slopes, and hardly moves. We did not look into why it
# rests beside 4 and not at 4.

# %% again="theta = [0.0]"
# maker=keras.optimizers.SGD(0.2), critic=keras.optimizers.SGD(0.05) -> maker=keras.optimizers.SGD(0.05), critic=keras.optimizers.SGD(0.3)
print("theta after each fifth epoch:", np.round(theta[::5], 2))
for _ in range(10):
    game.train_on_batch(data[:100])
    (kernel,), bias = game.critic.get_weights()
    print(f"slope {kernel[0]:+.3f}, bias {bias[0]:+.3f}")
