"""The room `align`: letting the judges learn, and looking at what they learned."""
