"""What is said of the axes of tensors: how their names are known, and what is wrong with names and slices typed."""

from __future__ import annotations

AXIS_REASONS: dict[str, str] = {
    "user": "named by you",
    "declared": "named in the text you gave for this tensor",
    "file": "the file it was read from has its axes in this order",
    "conv_input": "{node} takes its input in this order: {text}",
    "conv_output": "{node} gives its result in this order: {text}",
    "conv_weight": "it is the weight of {node}: {text}",
    "pool": "{node} works over images or signals in this order: {text}",
    "norm": "{node} normalises each channel, and channels are its second axis: {text}",
    "linear": "a linear layer takes a row of features for each example: {text}",
    "linear_weight": "it is the weight of a linear layer, a row for each output: {text}",
    "embedding": "{node} looks up one row of numbers for each word: {text}",
    "attention": "{node} compares positions, which are its last axis but one: {text}",
    "recurrent": "{node} runs along time, its first axis: {text}",
    "classes": "{node} takes one row of scores for each example: {text}",
    "guess_channels": "guessed: an axis of size {size} is usually colour",
    "guess_plane": "guessed: these two axes are long enough to be a picture",
    "guess_batch": "guessed: the outermost axis is usually one of examples",
    "guess_time": "guessed: an axis this long is usually time",
    "guess_depth_or_time": "guessed: slices or frames before height and width",
    "guess_kernel": "guessed: a weight of this shape usually belongs to a convolution",
}
"""How the name of an axis is known. ``text`` is the expression of the program that proves it."""

AXIS_ERRORS: dict[str, str] = {
    "name_count": "As many names as axes are needed: {wanted}, not {given}.",
    "name_word": "{name} cannot be the name of an axis: use letters, digits and underscores.",
    "name_twice": "The name {name} is given to two axes.",
    "slice_count": "The slice has more parts ({given}) than the tensor has axes ({wanted}).",
    "slice_word": "{part} is not an index: write a number such as 3, a range such as 2:5, or a colon for everything.",
    "slice_outside": "Index {index} is outside axis {axis}, which has indices {first} to {last}.",
    "slice_empty_axis": "Axis {axis} has no elements, so there is no index {index}.",
    "slice_step": "{part} has a step, which is not supported: every element of a range is shown.",
    "slice_dots": "A slice can have only one ellipsis (...).",
    "role_rgb": "Axis {axis} has {size} elements: only an axis of 3 or 4 can be colour.",
}
"""What is wrong with names of axes or a slice that a person typed."""
