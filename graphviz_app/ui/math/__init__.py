"""Derivatives as one writes them on paper: a node's incoming gradient v, its Jacobian J, and vᵀJ."""
