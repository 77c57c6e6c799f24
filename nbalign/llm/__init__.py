"""The local GGUF engine in its own process, and the models it loads."""
