"""The room `adjudicate`: settling what raters see differently."""
