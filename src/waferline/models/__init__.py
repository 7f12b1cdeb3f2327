"""Economics as pure functions of named inputs."""
