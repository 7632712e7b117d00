"""What a run cost: time of the forward and of the backward, memory kept between them; in the graph and below it."""
