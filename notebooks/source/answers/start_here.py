# %% [markdown]
# > **Try it.** Write `print(x.shape)` into `train_on`, and train again. It prints once or twice, not once for every
# > minibatch: the step is *compiled*. Python reads it when training starts, and then a faster program repeats it.

# %% [markdown]
# The line appears once, although the two epochs have 126 minibatches. Python runs `train_on` only to learn what the
# step does, and the compiled program that repeats it has no `print` in it. (To save time there are 2 epochs here
# instead of 12.)

# %% again="class Classifier(Model):"
# x, label = batch -> x, label = batch; print(x.shape)
# "epochs": 12 -> "epochs": 2
minibatches = 2 * -(-len(digits.flat) // 64)
print("minibatches:", minibatches)
