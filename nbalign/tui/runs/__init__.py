"""The room `runs`: what an assistant's notebooks scored."""
