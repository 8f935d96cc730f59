"""What `make bench` measures beside whole commands: counting and composing."""
