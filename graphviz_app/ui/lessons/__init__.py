"""The lesson reader: a page beside the graph that shows a lesson, reads only its folder and never the network."""
