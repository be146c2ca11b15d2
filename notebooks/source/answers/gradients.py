# %% [markdown]
# > **Try it.** In TensorFlow, replace `tf.Variable(2.0)` by `tf.constant(2.0)`. What is `slope` now, and who tells you
# > that something is wrong? Then move `height = f(w)` out of the block.

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

# %% again="theta = [0.0]"
# maker=keras.optimizers.SGD(0.2), critic=keras.optimizers.SGD(0.05) -> maker=keras.optimizers.SGD(0.05), critic=keras.optimizers.SGD(0.3)
print("theta after each fifth epoch:", np.round(theta[::5], 2))
for _ in range(10):
    game.train_on_batch(data[:100])
    (kernel,), bias = game.critic.get_weights()
    print(f"slope {kernel[0]:+.3f}, bias {bias[0]:+.3f}")
