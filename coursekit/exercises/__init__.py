"""What `coursekit.check` asks of an answer: `lecture_NN.exercise_N(answer)` returns when it is right, else raises a
`coursekit.lesson.Hint` that fits the mistake and does not give the answer away."""
