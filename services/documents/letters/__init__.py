"""One module for each paper: what stands in it, from whose details, and its PDF."""
