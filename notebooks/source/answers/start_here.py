# %% [markdown]
# > **Try it.** Write `print(x.shape)` into `train_on`, and train again. It prints once or twice, not once for every
# > minibatch: the step is *compiled*. Python reads it when training starts, and then a faster program repeats it.

# %% again="class Classifier(Model):"
# x, label = batch -> x, label = batch; print(x.shape)
# "epochs": 12 -> "epochs": 2
minibatches = 2 * -(-len(digits.flat) // 64)
print("minibatches:", minibatches)
