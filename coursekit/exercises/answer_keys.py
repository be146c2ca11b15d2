"""Answers to the exercises that ask for a diagnosis, apart from the material that notebooks import."""

ALBUMS = {"A": "edge", "B": "nothing", "C": "shading"}  # what gives the turns away
VAE_PATIENTS = {"A": (5, "deaf"), "B": (10, "healthy"), "C": (0, "price")}  # active units, and what ails it
GAN_PATIENTS = {"A": (2, "collapsed"), "B": (0, "discriminator won"), "C": (8, "healthy")}  # modes, and what ails it
