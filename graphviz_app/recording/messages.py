"""What the engine can say, in English with ``{fields}``; a view translates the template, then fills it."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "detach": "detach() was called: the gradient stops here",
    "data": ".data was used: the gradient stops here, and autograd does not even check",
    "no_grad": "made inside torch.no_grad(): nothing is recorded there",
    "inference_mode": "made inside torch.inference_mode(): nothing is recorded there",
    "integer_result": "the result is a whole number: it has no gradient",
    "bool_result": "the result is true or false: it has no gradient",
    "tensor_copy": "torch.tensor() copies the numbers and leaves the graph behind",
    "not_differentiable": "this operation has no gradient",
    "no_requires_grad": "a plain tensor: requires_grad is False",
    "integer": "whole numbers or true/false: they have no gradient",
    "from_cut": "made from a tensor whose gradient was cut",
}
"""Why a constant is constant, or a cut is cut."""

NOTES: dict[str, str] = {
    "what_if": "This run is hypothetical: {names} had other values than the program gives.",
    "what_if_unused": "The program never used {names}, so another value changed nothing.",
    "empty_program": "The program is empty. Type some PyTorch code, or choose an example.",
    "no_tensors": "The program made no tensors, so there is no graph to show.",
    "nothing_requires_grad": "No tensor requires a gradient, so there is no graph. Make one with requires_grad=True.",
    "no_graph": "Some tensors require a gradient, but nothing was computed from them yet.",
    "passes_left_out": "{count} more backward passes ran after the first {kept}; they are counted, not recorded.",
    "passes_thinned": "After the first {kept} backward passes only {later} of the next {count} were recorded, ever "
    "fewer of them.",
    "compile_ignored": "torch.compile was ignored, so that every operation can be shown.",
    "passes_failed": "{count} backward passes could not be recorded. The program itself was not affected.",
    "passes_transformed": "{count} backward passes ran inside a function transform (torch.func) and cannot be shown.",
    "forward_mode": "Derivatives in forward mode (dual numbers, torch.func.jvp) leave no graph and cannot be shown.",
    "values_older": "The {megabytes} MB set aside for values were full: those of the passes {first} to {last} were let "
    "go of. Their graphs, steps and results are there; the first pass and the latest have all their values.",
    "values_summarised": "{count} values were larger than the memory set aside: they have statistics and a picture.",
    "saved_left_out": "The saved tensors of {count} nodes were not read: the graph is very large.",
    "graph_left_out": "The graph of {name} was left out: the recording already has {count} nodes.",
    "given_kind": "{file} is really {kind}, whatever its name says, and was read as that.",
    "given_text": "{file}: columns of text were left out: {columns}.",
    "given_skipped": "The data {name} is not there, because {file} could not be read. The program does not use it.",
}
"""What a recording leaves out or wants to say, and why. Not errors."""

MATH_NOTES: dict[str, str] = {
    "graph_freed": "The graph of this pass was freed when it ran, as the program asked, and was too large to be kept. "
    "Run the program again with its graphs kept.",
    "saved_changed": "The program changed a saved tensor in place after this pass, and there is no copy of it. Run the "
    "program again with its graphs kept.",
    "no_such_pass": "This recording has no such backward pass.",
    "node_raised": "{node} could not be run again: {message}",
    "tf32": "On this GPU torch multiplies float32 numbers with 10 bits of precision here (TF32), in the run as well as "
    "for J: differences of a thousandth are its rounding.",
    "hooks_not_run": "The program's hooks are not run here; where they change a gradient, it is shown unchanged.",
    "hypothetical_gone": "This hypothetical gradient was replaced by later ones.",
    "no_such_root": "There is no such result to start from.",
    "not_connected": "The result does not depend on this tensor.",
    "too_many_entries": "This matrix has more than a million entries: choose a vector v, or a smaller tensor.",
    "engine_raised": "torch could not run this graph again: {message}",
    "without_numbers": "This tensor is nested or lives on a device without memory: it has no derivatives to show.",
    "not_twice": "The derivative of this gradient cannot be had: {message}",
    "check_recorded": "Compared with the gradient recorded in the run.",
    "check_engine": "Compared with torch.autograd.grad.",
    "check_other_mode": "Compared with a product from the other side, Ju for a random u.",
    "check_rows": "Compared with single rows computed alone.",
    "check_symmetry": "Compared with its transpose: a Hessian is symmetric.",
    "hessian_of_sum": "The result has several elements; this is the Hessian of their sum.",
    "forward_by_two_reverse": "Computed as the derivative of vᵀJ with respect to v: two reverse passes.",
    "paths_count": "{count} paths lead there.",
    "paths_left_out": "The {followed} that were followed are those found to carry most; the others are left out.",
    "paths_stopped": "The search was stopped at its limit: following these paths takes too many steps.",
    "paths_one_output": "Only the paths to output {slot} are counted.",
    "needs_lab": "For this the program has to be run again, in a process of its own.",
    "rerun_raised": "The program did not get there when it was run again: {message}",
    "rerun_differs": "The program does something else when it is run again, so it cannot be compared with itself.",
    "rerun_not_possible": "This could not be checked by running the program again: {message}",
    "check_no_leaf": "No leaf got a gradient in this pass.",
    "check_no_call": "No call of the program made this node, so there is nothing to nudge.",
    "check_leaf_lost": "A leaf of this pass cannot be found again when the program is run again.",
    "check_raised": "The call could not be made again: {message}",
    "check_call": "Checked: the whole call {function}.",
    "check_random_v": "v is random, so that no error cancels out.",
    "check_narrow": "The call insists on {dtype}, so the step and the tolerances are wide.",
    "check_cut": "The program cuts gradients (detach, no_grad): a difference sees through the cut, a gradient does "
    "not.",
    "check_hooks": "The program's hooks may change gradients; a difference knows nothing of that.",
    "check_fewer": "There are many leaves, so only {most} elements of each are nudged.",
    "check_functional": "Compared with torch.autograd.functional on the program run again.",
    "functional_too_large": "It has more than {most} entries, so it is not compared with torch.autograd.functional, "
    "which computes them row by row.",
    "check_two_reverse": "Compared with the derivative of vᵀJ with respect to v: two reverse passes.",
    "forward_by_jvp": "Computed by torch.func.jvp of the program.",
    "forward_by_dual": "Computed with a dual number in the place of the leaf, in the program run again.",
    "forward_has_no_rule": "An operation on the way has no rule for forward mode.",
    "not_in_pass": "This pass sends no gradient there.",
    "vector_shape": "What was given has another shape than the tensor it is for.",
    "vector_dtype": "What was given cannot be turned into the tensor's type.",
    "health_seed": "The gradient this pass began with was not finite already.",
    "health_sum": "Every gradient sent here is finite, but their sum is not.",
    "health_accumulated": "The gradient that arrived is finite, but .grad is not after adding it.",
    "health_made": "{node} made a gradient that is not finite, though all it received was.",
    "health_made_at": "{node} made {what} in {count} of {total} elements, the first at {where}, though all it received "
    "was finite.",
    "cause_value": "{name}{where} = {value}",
    "cause_incoming": "The gradient that arrived there is {value}.",
    "rule_forward": "A saved value was not finite already: the forward pass made it.",
    "rule_log": "The derivative of the logarithm is 1/x: infinite at 0.",
    "rule_root": "The derivative of the square root is 1/(2√x): infinite at 0.",
    "rule_division": "The derivative of a quotient divides by the divisor, which is 0 there.",
    "rule_power_zero": "The derivative of a power is not finite at base 0 for this exponent.",
    "rule_power_negative": "A power's derivative by its exponent holds the logarithm of the base, which is not real "
    "here.",
    "rule_edge": "The derivative is infinite at the edge of where this function is defined.",
    "rule_zero_times_infinity": "0 times infinity is not a number.",
    "rule_overflow": "Everything there is finite, but the result is beyond the greatest {dtype} number, {largest}.",
    "no_such_step": "This node has nothing to do at that step of the pass.",
    "nested": "A nested tensor has rows of different lengths, so there is no one matrix to show. The gradients that "
    "flowed in and out can be seen.",
    "whole_numbers": "Output {output} holds whole numbers: it has no derivative.",
    "output_unused": "No gradient arrived at output {outputs} in this pass, so J is not shown for it.",
    "nothing_arrived": "No gradient arrived here at this step: torch counts it as zero.",
    "blocks_left_out": "Only the first {most} blocks of J are shown.",
    "complex": "A complex number counts as two: first all real parts, then all imaginary ones. A gradient is ∂L/∂Re + "
    "i·∂L/∂Im, the conjugate Wirtinger derivative that points along steepest ascent.",
    "own_backward": "This is the program's own backward: it ran {count} more times to fill J.",
    "empty": "There are no elements here, so J has no entries.",
    "too_large": "J has more than {most} entries, so some of it is not computed. Choose rows or columns.",
    "too_long": "J takes long to compute, so some of it is not computed. Choose rows or columns.",
    "left_out": "Left out, because computing it takes long: render with --math has it computed.",
    "no_columns": "This backward cannot be differentiated itself, and J has too many rows to pick columns out of. "
    "Choose rows instead.",
    "captured": "autograd.grad took the gradient here. The node itself did not run, so there is nothing to compare "
    "with.",
    "raised": "The node raised an error at this step, so there is nothing to compare with.",
    "backward_raised": "The backward of this node raised an error when it was called again: {error} What flowed in and "
    "out in the run can be seen.",
    "no_phase": "Complex singular vectors and eigenvectors are defined up to a phase, so J does not exist: vᵀJ does, "
    "for a v that does not depend on the phase, and torch refuses every other. What flowed in and out in the run can "
    "be seen.",
    "v_gone": "The incoming gradient was too large to be kept, so vᵀJ is not recomputed.",
    "returned_gone": "What the node returned was too large to be kept, so vᵀJ is not compared with it.",
    "not_finite": "Where J or v is infinite or not a number, vᵀJ is not compared: 0 times infinity is not a number.",
    "differs": "vᵀJ is not what the node returned in the run: its backward is not linear in v, or it uses something "
    "that has changed since.",
    "grad_changed": ".grad afterwards is not what it was before plus the gradient that arrived: a hook of the program "
    "has changed it.",
    "file_has_no_graph": "An opened recording has no live graph to compute derivatives on. Run its program again.",
}
"""Why a derivative cannot be shown, or what to know about it."""

GIVEN_NAMES: dict[str, str] = {
    "word": "{name} cannot be a variable's name: use letters, digits and underscores, and no digit first.",
    "reserved": "{name} already means something in Python or torch: choose another name for the data.",
    "taken": "Other data is called {name} already: choose another name.",
}
"""Why data cannot have a name."""

DEVICE_REASONS: dict[str, str] = {
    "not_built": "This build of PyTorch was made without it.",
    "no_driver": "PyTorch can use it, but no driver was found.",
    "no_device": "PyTorch and the driver are there, but no device was found.",
    "wrong_system": "It needs another operating system.",
    "old_system": "It needs a newer version of macOS.",
    "failed": "PyTorch reported an error while looking for it.",
}
"""Why a device of the menu is missing."""


def note_text(note: str) -> str:
    """A note of a recording (``key|field=value|...``) in English."""
    key, params = note_parts(note)
    return NOTES[key].format(**params)


def note_parts(note: str) -> tuple[str, dict[str, str]]:
    """The key of a note and the values of its fields."""
    key, *fields = note.split("|")
    return key, dict(field.split("=", 1) for field in fields)
