"""The worker: runs a function package as Nuclio's own wrapper would, and speaks to the server in frames."""
