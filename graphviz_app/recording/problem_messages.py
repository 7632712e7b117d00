"""What can go wrong with a program, in English with ``{fields}``; a view translates the template, then fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphviz_app.recording.model import Problem

PROBLEMS: dict[str, tuple[str, str]] = {
    "non_scalar_backward": (
        "backward() without an argument needs a single number, but this tensor has more.",
        "Reduce it first (for example .sum() or .mean()), or give the vector v: y.backward(gradient=v).",
    ),
    "gradient_shape": (
        "The gradient given has shape {given}, but the tensor has shape {wanted}.",
        "v must have exactly the shape of the tensor backward() starts from.",
    ),
    "gradient_dtype": (
        "The gradient given has another type than the tensor backward() starts from.",
        "Real and complex must match: give v the dtype of the tensor.",
    ),
    "backward_twice": (
        "backward ran a second time through a graph whose saved values were already freed.",
        "Pass retain_graph=True to the first backward, or compute the result again before each backward. "
        "If the values of an earlier loop round are carried along, detach() them.",
    ),
    "modified_in_place": (
        "A tensor needed for the gradient was changed in place after it had been used.",
        "Write the change as a new tensor (y = y + 1 instead of y += 1), or change a clone().",
    ),
    "leaf_in_place": (
        "A leaf that requires a gradient was changed in place.",
        "Wrap an update of the weights in torch.no_grad(), or compute a new tensor instead.",
    ),
    "leaf_view_in_place": (
        "A view of a leaf that requires a gradient was changed in place.",
        "Wrap it in torch.no_grad(), or make a clone() first and change that.",
    ),
    "multi_view_in_place": (
        "One of several views made by a single call ({function}) was changed in place, which autograd does not allow.",
        "Take the part by indexing (x[0]) instead, or clone() it before the change.",
    ),
    "no_grad_view_in_place": (
        "A view made inside torch.no_grad() was changed in place outside it.",
        "Make the view outside no_grad(), or clone() it first.",
    ),
    "retain_grad_without_grad": (
        "retain_grad() was called on a tensor that requires no gradient.",
        "Set requires_grad=True on what it is computed from, before it is computed.",
    ),
    "no_grad_path": (
        "backward() was called on a tensor without a graph: no gradient can reach anything from it.",
        "Look for what cut it: detach(), .data, torch.no_grad(), torch.tensor(y), a comparison or argmax; "
        "or no input has requires_grad=True.",
    ),
    "unused_input": (
        "autograd.grad was asked for the gradient of a tensor that the result was not computed from.",
        "Check that the very same tensor object was used, or pass allow_unused=True to get None.",
    ),
    "integer_leaf": (
        "Only floating point and complex tensors can require a gradient, and this one has type {dtype}.",
        "Write the numbers with a point (torch.tensor([1., 2.])) or pass dtype=torch.float32.",
    ),
    "flag_on_non_leaf": (
        "requires_grad can only be switched off on a leaf, and this tensor was computed from others.",
        "Use y.detach() to get the same numbers outside the graph.",
    ),
    "optimizer_non_leaf": (
        "The optimiser was given a tensor that is not a leaf, so it would never get a .grad.",
        "Create it in its final form (dtype, device, scale) first and call .requires_grad_() last.",
    ),
    "numpy_on_tracked": (
        "numpy() was called on a tensor that is part of a graph.",
        "Call .detach().numpy(): numpy cannot carry gradients.",
    ),
    "inference_tensor": (
        "A tensor made inside torch.inference_mode() was used where a gradient is needed.",
        "Use torch.no_grad() instead of inference_mode(), or clone() the tensor outside it.",
    ),
    "deepcopy_non_leaf": (
        "Only leaves can be deep-copied, and this tensor was computed from others.",
        "Copy tensor.detach() instead, or clone() it to stay in the graph.",
    ),
    "function_arity": (
        "{function} returned {got} gradients, but its forward took {wanted} arguments.",
        "backward must return one value for each argument of forward: None for those without a gradient.",
    ),
    "function_shape": (
        "{function} returned a gradient of shape {got}, but its input has shape {wanted}.",
        "The gradient of an input must have the shape of that input.",
    ),
    "once_differentiable": (
        "The backward of this function was marked with once_differentiable, so it cannot be differentiated again.",
        "Remove create_graph=True, or write that backward with differentiable operations.",
    ),
    "no_derivative": (
        "PyTorch has no derivative for '{function}'.",
        "Use an operation that has one, or keep this one out of the graph with detach() or torch.no_grad().",
    ),
    "two_devices": (
        "The tensors of one operation are on different devices.",
        "Move them to one device: x.to(device). Note that a moved tensor is no longer a leaf.",
    ),
    "shape_mismatch": (
        "The shapes do not fit together.",
        "Print the .shape of both; sizes must be equal, or 1 where one is to be stretched.",
    ),
    "matmul_shape": (
        "These matrices cannot be multiplied: {shapes}.",
        "The last size of the first must equal the last but one of the second; .T turns a matrix around.",
    ),
    "dtype_mismatch": (
        "The tensors of one operation have different types.",
        "Convert one of them, for example with .float() or .to(other.dtype).",
    ),
    "broadcast_shapes": (
        "The shapes do not fit together: dimension {dimension} has {a} elements in one and {b} in the other.",
        "Print the .shape of both; sizes must be equal, or 1 where one is to be stretched.",
    ),
    "view_size": (
        "{size} elements cannot be put into the shape {shape}.",
        "The sizes must have the product {size}; one of them may be -1, and is worked out from the others.",
    ),
    "channels": (
        "The layer takes {wanted} channels, but the input has {got}.",
        "Images are [N, C, H, W]: compare the second size of the input with in_channels of the layer.",
    ),
    "batch_sizes": (
        "There are {got} predictions, but {wanted} targets.",
        "The first size of both is the batch: print their .shape.",
    ),
    "class_label": (
        "The class label {label} is out of range.",
        "Labels count from 0 to the number of classes - 1, which is the second size of the predictions.",
    ),
    "index_dtype": (
        "Indices must be whole numbers, but these are {got}.",
        "Convert them with .long().",
    ),
    "anomaly": (
        "Anomaly detection stopped the backward: {function} returned NaN.",
        "Look at the values it was given: the derivative of a root, a logarithm or a quotient has no value at 0.",
    ),
    "none_used": (
        "None was used where a tensor is needed.",
        "If it is a .grad: no backward has filled it yet, or its tensor is not a leaf (then retain_grad() keeps it).",
    ),
    "tensor_truth": (
        "A tensor with more than one value cannot be true or false.",
        "Reduce it with .any() or .all(), or choose element by element with torch.where.",
    ),
    "not_a_number": (
        "A tensor with several elements cannot become a single Python number.",
        "Index the element, or reduce it with .sum() or .mean() first.",
    ),
    "cuda_missing": (
        "The program asks for CUDA, but this PyTorch cannot use it here.",
        'Choose the CPU in the toolbar and use torch.device("cuda" if torch.cuda.is_available() else "cpu").',
    ),
    "gpu_out_of_memory": (
        "The GPU has not enough memory: the program asked for {size} more.",
        "Use smaller tensors or a smaller batch, or choose the CPU. The copies kept for you to look at take up to a "
        "quarter of what is free there.",
    ),
    "gpu_fault": (
        "The GPU stopped the program: {detail}.",
        "Often an index or a class label is out of range. The GPU runs behind the program, so the line may be a later "
        "one: run it on the CPU, which tells the very line and what was wrong.",
    ),
    "out_of_memory": (
        "The computer has not enough memory for what the program asked for.",
        "Use smaller tensors, or raise the memory limit in the settings.",
    ),
    "name_error": (
        "The name {name} is used but was never given a value.",
        "Define it above this line, or check its spelling.",
    ),
    "name_error_similar": (
        "The name {name} is used but was never given a value.",
        "Did you mean {similar}?",
    ),
    "name_made_up_offer": (
        "These names have no value yet: {names}.",
        "Define them, or let the app make them up as small random leaves.",
    ),
    "unbound_local": (
        "The variable {name} is used in this function before it is given a value.",
        "Give it a value first, or pass it in as an argument.",
    ),
    "attribute_error": (
        "{owner} has no {name}.",
        "Check the spelling, or the type of what stands before the dot.",
    ),
    "import_error": (
        "The module {name} cannot be imported.",
        "Check its name; if it is a package, install it where this app runs.",
    ),
    "syntax_error": (
        "Python cannot read line {line}: {detail}.",
        "Look at the marked place and just before it: a bracket, a quote or a colon is often missing.",
    ),
    "indentation_error": (
        "The indentation of line {line} does not fit: {detail}.",
        "Lines of one block must start in the same column; do not mix tabs and spaces.",
    ),
    "stopped": ("The run was stopped.", "What had been recorded until then is shown."),
    "system_exit": (
        "The program ended itself with exit code {code}.",
        "What had been recorded until then is shown.",
    ),
    "recursion": (
        "A function called itself too many times.",
        "Check the condition that should end the recursion, or write it as a loop.",
    ),
    "assertion": ("A check in the program failed (assert).", "Look at the condition on the marked line."),
    "zero_division": ("Something was divided by zero.", "Check the value below the fraction line on the marked line."),
    "key_error": ("The key {key} is not in the dictionary.", "Check its spelling, or use .get()."),
    "index_error": ("An index lies outside what it indexes.", "Indices count from 0 to length - 1."),
    "file_missing": ("A file was not found: {name}.", "Check the path; it is looked for in the folder of the program."),
    "no_input": (
        "The program asked for input, and none came.",
        "Type the answer in the console, or set the value in the code.",
    ),
    "given_missing": (
        "There is no file {path} any more, from which {name} should come.",
        "Put it back, or remove the data from the variables pane.",
    ),
    "given_unreadable": ("{file} cannot be read: {why}.", "Check who may read it."),
    "given_not_file": ("{file} is a folder or a device, not a file of data.", "Choose a file."),
    "given_format": (
        "{file} does not begin like any file of data this app can read.",
        "It reads .npy, .npz, .safetensors, .pt, .png, .jpg, .csv, .gif and .mp4.",
    ),
    "given_damaged": ("{file} is damaged or not complete: {why}.", "Copy it once more from where it came from."),
    "given_dtype": (
        "{file} holds {dtype}, and torch has no tensors of that.",
        "Save it as numbers, for example with array.astype(numpy.float64).",
    ),
    "given_code": (
        "{file} can only be opened by running code that is in it, and that is never done.",
        "Save nothing but tensors in it, for example with torch.save(model.state_dict(), ...).",
    ),
    "given_no_numbers": ("{file} has no column of numbers.", "A table needs at least one; text alone is no tensor."),
    "given_rows": (
        "Line {line} of {file} has {given} cells, but the table has {wanted} columns.",
        "Give every line as many; a cell may be empty.",
    ),
    "given_pixels": (
        "{file} says it is a picture of more than {most} million pixels, so it was not opened.",
        "Make it smaller first.",
    ),
    "given_large": (
        "{file} would take {size} GB of memory, so it was not opened.",
        "Make it smaller or shorter first.",
    ),
    "given_unread": ("{file} could not be looked at: {why}", "It is read anew when the program runs."),
    "given_no_video": ("{file} has no video in it, only sound or nothing.", "Choose another file."),
    "given_no_reader": (
        "Reading videos needs the package av, which is not installed.",
        "Install it with {command} and run again.",
    ),
    "value_error": ("A function was given a value it cannot use.", "The original message says which."),
    "type_error": ("Something of the wrong type was used here.", "The original message says what was expected."),
    "other": ("The program stopped with {type}.", "The original message says more."),
    "offered_freed": (
        "This graph was already used: its saved values were freed by the program's own backward.",
        "Pass retain_graph=True to that backward, or remove it, and run the program again.",
    ),
    "offered_gone": (
        "The tensor this result stood for no longer exists.",
        "Keep it in a variable and run the program again.",
    ),
}
"""What went wrong: one plain sentence, and what to do about it."""


def problem_text(problem: Problem) -> tuple[str, str]:
    """The sentence and the advice of a problem, in English."""
    sentence, advice = PROBLEMS[problem.key]
    return sentence.format(**problem.params), advice.format(**problem.params)
