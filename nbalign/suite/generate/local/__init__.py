"""The local generator: a GGUF model writes a notebook cell by cell and sees what each cell printed."""
